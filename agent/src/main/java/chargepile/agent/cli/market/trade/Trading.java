package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.market.chain.Carrying;
import chargepile.agent.cli.market.chain.DeploymentLock;
import chargepile.agent.cli.market.chain.OutboxFolder;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.SecretFile;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.crypto.AccountKey;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.store.SqliteStore;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On which market somebody trades, and from whose account. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class Trading {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final String[] CONTRACTS = {
    "OrderBook", "QuoteBook", "OfferBoard", "ReviewBoard", "Registry", "EnergyAccountToken"
  };

  @ArgGroup(exclusive = true)
  private @Nullable Account account;

  @Mixin private MarketOptions market;

  /** One of them. */
  static final class Account {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = {
          "A pile's configuration, as for `run`: the market is its [market], the account the"
              + " pile's own.",
          "To send anything the daemon must be stopped: it sends from the same account."
        })
    private @Nullable Path config;

    @ArgGroup(exclusive = false)
    private @Nullable KeyFile key;
  }

  /** An account by its key. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class KeyFile {
    @Option(
        names = "--key-file",
        paramLabel = "FILE",
        required = true,
        description = "The file with an account's key, 64 hexadecimal digits.")
    private Path file;

    @Option(
        names = "--transactions",
        paramLabel = "FOLDER",
        required = true,
        description = {
          "Where what this account sends is kept until it is final; always the same for the same",
          "account, from which nothing else may send."
        })
    private Path folder;
  }

  /** What a person does who has a market before it. */
  interface Looking {
    void at(Market market) throws CommandFailedException, IOException;
  }

  /** What a person does with an account on a market. */
  interface Acting {
    void with(Desk desk) throws CommandFailedException, IOException, InterruptedException;
  }

  /** Only looks, from no account. */
  void look(Looking looking) throws CommandFailedException, ConfigException, IOException {
    try (Market opened = market.open(config())) {
      asked(
          () -> {
            looking.at(opened);
            return opened;
          });
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing waits here", e);
    }
  }

  /** Acts, and says what it waits for. */
  void act(PrintWriter out, Acting acting)
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    Optional<Config> config = config();
    try (Market opened = market.open(config)) {
      if (config.isPresent()) {
        asPile(out, config.get(), opened, acting);
      } else if (account != null && account.key != null) {
        byKey(out, account.key, opened, acting);
      } else {
        throw new CommandFailedException(
            "whose account? Give --config of a pile, or --key-file with --transactions");
      }
    }
  }

  private void asPile(PrintWriter out, Config config, Market opened, Acting acting)
      throws CommandFailedException, IOException, InterruptedException {
    Path file = config.pile().dataDirectory().resolve(PileDaemon.STORE);
    OwnStore.requireNotLost(file, config.store().backup());
    PrivateKey secret =
        AccountKey.derive(
            SeedFile.open(
                config.pile().dataDirectory().resolve("seed"),
                config.pile().passphraseFile(),
                file));
    try (SqliteStore store = SqliteStore.open(file)) {
      EvmKey key = key(secret);
      acted(
          out,
          opened,
          secret,
          new StoredOutbox(store, opened.node().chainId(), key.address()),
          acting);
    }
  }

  private void byKey(PrintWriter out, KeyFile given, Market opened, Acting acting)
      throws CommandFailedException, IOException, InterruptedException {
    String text = SecretFile.read(given.file).strip().replaceFirst("^0x", "");
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw new CommandFailedException(
          given.file + " holds no account's key, which is 64 hexadecimal digits");
    }
    PrivateKey secret = PrivateKey.fromHex(text);
    if (!secret.isValid()) {
      throw new CommandFailedException(given.file + " holds a number that is no key of secp256k1");
    }
    Files.createDirectories(
        given.folder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DeploymentLock _ = DeploymentLock.take(given.folder)) {
      acted(out, opened, secret, new OutboxFolder(given.folder), acting);
    }
  }

  private static void acted(
      PrintWriter out, Market opened, PrivateKey secret, EvmOutbox outbox, Acting acting)
      throws CommandFailedException, IOException, InterruptedException {
    EvmKey key = key(secret);
    ContractArtifact[] artifacts = new ContractArtifact[CONTRACTS.length];
    for (int i = 0; i < CONTRACTS.length; i++) {
      artifacts[i] = ContractArtifact.load(CONTRACTS[i]);
    }
    TransactionSender sender =
        new TransactionSender(
            opened.node(),
            key,
            outbox,
            opened.fees(),
            opened.finality(),
            ContractArtifact.reverts(artifacts));
    Carrying carrying = new Carrying(opened.node(), sender, PAUSE, why -> said(out, "  " + why));
    asked(
        () -> {
          var standing = sender.advance();
          for (OutboxEntry entry : outbox.entries()) {
            if (standing.containsKey(entry.intent().key()) && entry.finish().isPresent()) {
              sender.forget(entry.intent().key());
            }
          }
          acting.with(new Desk(opened, key, secret, sender, carrying));
          return opened;
        });
  }

  private static EvmKey key(PrivateKey secret) {
    return new EvmKey(secret, Signer.best(reason -> Logger.warn("{}", reason)));
  }

  private Optional<Config> config() throws ConfigException, IOException {
    return account == null || account.config == null
        ? Optional.empty()
        : Optional.of(ConfigFile.load(account.config));
  }

  /** What the nodes don't answer is said to the person, not to a log. */
  private interface Asking {
    Object answer() throws CommandFailedException, IOException, InterruptedException;
  }

  private static void asked(Asking asking)
      throws CommandFailedException, IOException, InterruptedException {
    try {
      var unused = asking.answer();
    } catch (EvmException e) {
      throw new CommandFailedException(
          Objects.toString(e.getMessage(), "the chain can't be asked"), e);
    }
  }

  static void said(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
