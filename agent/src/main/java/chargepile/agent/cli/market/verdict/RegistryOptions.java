package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.AccountOptions;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.cli.market.chain.ChainOptions;
import chargepile.agent.cli.market.chain.NodeOptions;
import chargepile.agent.cli.market.chain.Parties;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which registry is meant, and whose account. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RegistryOptions {
  @Mixin private AccountOptions account;
  @Mixin private ChainOptions chain;

  @Option(
      names = "--registry",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description =
          "The registry; [market] of a configuration or the device's certificate names it"
              + " otherwise.")
  private @Nullable EvmAddress registry;

  /** What is done with a registry before somebody. */
  interface Looking {
    void at(Bench bench, Optional<PrivateKey> secret) throws CommandFailedException, IOException;
  }

  /** What is done from an account. */
  interface Acting {
    void with(Bench bench, ByHand account)
        throws CommandFailedException, IOException, InterruptedException;
  }

  /** Sends nothing; the account's own program may run meanwhile. */
  void look(Looking looking) throws CommandFailedException, ConfigException, IOException {
    AccountOptions.Read read = account.read();
    Optional<PrivateKey> secret = account.secret(read);
    try (Bench bench = open(read, Optional.empty())) {
      looking.at(bench, secret);
    }
  }

  /** Acts, and says what it waits for. */
  void act(PrintWriter out, Acting acting)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    act(out, Optional.empty(), acting);
  }

  /**
   * Acts, and says what it waits for.
   *
   * @param named the registry that a signed paper is for
   */
  void act(PrintWriter out, Optional<EvmAccount> named, Acting acting)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    AccountOptions.Read read = account.read();
    try (Bench bench = open(read, named)) {
      account.act(
          read, bench.chain(), why -> said(out, "  " + why), own -> acting.with(bench, own));
    }
  }

  static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }

  /**
   * The party that is named, or the device itself.
   *
   * @throws CommandFailedException when nothing says which
   */
  static PartyId party(@Nullable String name, Bench bench) throws CommandFailedException {
    if (name != null) {
      return Parties.named(name);
    }
    return bench
        .own()
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "which party? Give its name, or --config or --data of a device with a"
                        + " certificate"));
  }

  private Bench open(AccountOptions.Read read, Optional<EvmAccount> named)
      throws CommandFailedException {
    Optional<RegistrationReply> identity = account.identity(read);
    Optional<EvmAccount> certified =
        named.or(() -> identity.flatMap(reply -> reply.certificate().registration().evmAccount()));
    EvmAddress at =
        Optional.ofNullable(registry)
            .or(
                () ->
                    read.ledger()
                        .flatMap(LedgerSettings.Evm::market)
                        .map(MarketSettings::contracts)
                        .map(MarketSettings.Contracts::registry))
            .or(() -> certified.map(found -> new EvmAddress(found.registry())))
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "--registry is missing: the address that chargepile market deploy printed,"
                            + " or a --config or --evm with a [market]"));
    NodeOptions.Reached reached =
        chain.open(read.ledger().map(LedgerSettings.Evm::evm), certified.map(EvmAccount::chainId));
    try {
      if (reached.node().code(at, BlockRef.LATEST).isEmpty()) {
        throw new CommandFailedException(
            "there is no contract at %s on chain %d: correct --registry or --chain, or wait until the node has caught up"
                .formatted(at, reached.node().chainId()));
      }
      Optional<PartyId> own = identity.map(reply -> reply.certificate().party());
      return Bench.at(reached, at, own);
    } catch (CommandFailedException | RuntimeException e) {
      reached.close();
      throw e;
    }
  }
}
