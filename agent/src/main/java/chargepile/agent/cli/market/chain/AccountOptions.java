package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.IdentityFile;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.register.Device;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.identity.RegistrationReply;
import chargepile.agent.runtime.StoredOutbox;
import chargepile.agent.store.SqliteStore;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whose account on an EVM chain: a pile's, a wallet's, or one that is given by its key. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class AccountOptions {
  @ArgGroup(exclusive = true)
  private @Nullable Which which;

  @Option(
      names = "--evm",
      paramLabel = "FILE",
      description = {
        "For an account that is no pile's: a file with [evm], as for `driver`, and with [market]"
            + " where that is",
        "meant. It says what no option does."
      })
  private @Nullable Path evm;

  /** One of them. */
  static final class Which {
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
    private @Nullable Wallet wallet;

    @ArgGroup(exclusive = false)
    private @Nullable KeyFile key;
  }

  /** A driver's or a company's. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Wallet {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        description = "The folder of a wallet, as for `driver`; nothing else may run with it.")
    private Path data;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The file with the passphrase of the wallet's seed, where it is sealed.")
    private @Nullable Path passphrase;
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

  /**
   * What files say.
   *
   * @param pile whose account it is, where it is a pile's
   * @param ledger the chain and the market that are meant, where a file names them
   */
  public record Read(Optional<Config> pile, Optional<LedgerSettings.Evm> ledger) {}

  /** What is done from an account. */
  public interface Acting {
    void with(ByHand account) throws CommandFailedException, IOException, InterruptedException;
  }

  /** Reads the configuration that is named. */
  public Read read() throws CommandFailedException, ConfigException, IOException {
    if (which == null || which.config == null) {
      return new Read(
          Optional.empty(), evm == null ? Optional.empty() : Optional.of(ConfigFile.loadEvm(evm)));
    }
    if (evm != null) {
      throw new CommandFailedException("--evm: the pile's --config says which chain it is");
    }
    Config config = ConfigFile.load(which.config);
    return new Read(
        Optional.of(config),
        switch (config.ledger()) {
          case LedgerSettings.Bitcoin _ -> Optional.empty();
          case LedgerSettings.Evm ledger -> Optional.of(ledger);
        });
  }

  /** Who the account's device is by its certificate; empty where it has none, or is just a key. */
  public Optional<RegistrationReply> identity(Read read) throws CommandFailedException {
    Optional<Path> folder = read.pile().map(config -> config.pile().dataDirectory());
    if (folder.isEmpty() && which != null && which.wallet != null) {
      folder = Optional.of(which.wallet.data);
    }
    Optional<Path> file =
        folder.map(found -> IdentityFiles.in(found).identity()).filter(Files::exists);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(IdentityFile.reply(file.get(), Pairing.best()));
  }

  /** The account's key, for what needs no transaction; empty where no account is named. */
  public Optional<PrivateKey> secret(Read read) throws CommandFailedException, IOException {
    if (which == null) {
      return Optional.empty();
    }
    return Optional.of(
        which.key == null ? device(read).keys().accountKey() : AccountKeyFile.read(which.key.file));
  }

  /**
   * Acts from the account. What is sent is on disk before, with the account's own program where it
   * has one, so that this must not run meanwhile.
   *
   * @param waits is told why a transaction waits
   */
  public void act(Read read, NodeOptions.Reached chain, Consumer<String> waits, Acting acting)
      throws CommandFailedException, IOException, InterruptedException {
    if (which == null) {
      throw new CommandFailedException(
          "whose account? Give --config of a pile, --data of a wallet, or --key-file with"
              + " --transactions");
    }
    if (which.key == null) {
      Device.Opened device = device(read);
      EvmKey key = key(device.keys().accountKey());
      try (SqliteStore store = SqliteStore.open(device.store())) {
        acting.with(
            ByHand.open(
                chain,
                device.keys().accountKey(),
                key,
                new StoredOutbox(store, chain.node().chainId(), key.address()),
                waits));
      }
      return;
    }
    PrivateKey secret = AccountKeyFile.read(which.key.file);
    Files.createDirectories(
        which.key.folder,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DeploymentLock _ = DeploymentLock.take(which.key.folder)) {
      acting.with(
          ByHand.open(chain, secret, key(secret), new OutboxFolder(which.key.folder), waits));
    }
  }

  private Device.Opened device(Read read) throws CommandFailedException, IOException {
    if (read.pile().isPresent()) {
      return Device.pile(read.pile().get());
    }
    if (which == null || which.wallet == null) {
      throw new IllegalStateException("no account is named");
    }
    return Device.knownWallet(which.wallet.data, Optional.ofNullable(which.wallet.passphrase));
  }

  private static EvmKey key(PrivateKey secret) {
    return new EvmKey(secret, Signer.best(reason -> Logger.warn("{}", reason)));
  }
}
