package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.AccountOptions;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.cli.market.chain.ChainOptions;
import chargepile.agent.cli.market.chain.NodeOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which energy account token is meant, and whose account. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class EnergyOptions {
  @Mixin private AccountOptions account;
  @Mixin private ChainOptions chain;

  @Option(
      names = "--token",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "The token of energy accounts; [evm] of a configuration names it otherwise.")
  private @Nullable EvmAddress token;

  /** What is done with a token before somebody. */
  interface Looking {
    void at(EnergyToken token, Optional<EvmAddress> own, Optional<LedgerSettings.Evm> ledger)
        throws CommandFailedException;
  }

  /** What is done from an account. */
  interface Acting {
    void with(EnergyToken token, ByHand account, Optional<LedgerSettings.Evm> ledger)
        throws CommandFailedException, InterruptedException;
  }

  /** Only looks; the account's own program may run meanwhile. */
  void look(Looking looking) throws CommandFailedException, ConfigException, IOException {
    AccountOptions.Read read = account.read();
    Optional<PrivateKey> secret = account.secret(read);
    try (NodeOptions.Reached reached = reached(read)) {
      looking.at(
          opened(reached, read),
          secret.map(key -> EvmSignature.address(Signer.best().publicKey(key))),
          read.ledger());
    }
  }

  /** Acts, and says what it waits for. */
  void act(PrintWriter out, Acting acting)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    AccountOptions.Read read = account.read();
    try (NodeOptions.Reached reached = reached(read)) {
      EnergyToken opened = opened(reached, read);
      account.act(
          read,
          reached,
          why -> said(out, "  " + why),
          own -> acting.with(opened, own, read.ledger()));
    }
  }

  static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }

  private NodeOptions.Reached reached(AccountOptions.Read read) throws CommandFailedException {
    return chain.open(read.ledger().map(LedgerSettings.Evm::evm));
  }

  private EnergyToken opened(NodeOptions.Reached reached, AccountOptions.Read read)
      throws CommandFailedException {
    EvmAddress at =
        Optional.ofNullable(token)
            .or(() -> read.ledger().map(LedgerSettings.Evm::evm).map(EvmSettings::token))
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "--token is missing: the address that chargepile market deploy printed, or"
                            + " a --config or --evm with an [evm]"));
    if (reached.node().code(at, BlockRef.LATEST).isEmpty()) {
      throw new CommandFailedException(
          "there is no contract at %s on chain %d: correct --token or --chain, or wait until the node has caught up"
              .formatted(at, reached.node().chainId()));
    }
    return EnergyToken.at(reached.node(), at);
  }
}
