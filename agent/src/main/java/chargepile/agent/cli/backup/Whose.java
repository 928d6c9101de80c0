package chargepile.agent.cli.backup;

import chargepile.agent.cli.driver.DriverSide;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.cli.run.PileTerms;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.session.pile.PileSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whose channels: those of the pile of a configuration, or of the wallet in a folder. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class Whose {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Role role;

  /** One of the two. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Role {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The pile's configuration, as for `run`.")
    private @Nullable Path config;

    @ArgGroup(exclusive = false)
    private @Nullable Wallet wallet;
  }

  /** A driver's. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Wallet {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        description = "The folder of a driver's wallet, as for `driver`.")
    private Path data;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The file with the passphrase of the wallet's seed, where it is sealed.")
    private @Nullable Path passphrase;
  }

  /**
   * A node's own files.
   *
   * @param pile what its daemon is set to; empty for a driver
   */
  record Node(
      Path folder,
      Path store,
      Path begin,
      Path backup,
      Optional<Path> passphrase,
      Optional<Config> pile) {
    Path seed() {
      return folder.resolve("seed");
    }

    Optional<PileSettings> settings() {
      return pile.map(config -> new PileTerms(config).pile());
    }

    /** Reads what it keeps beside its channels. */
    void session(byte[] session) throws MalformedStateException {
      settings()
          .ifPresentOrElse(
              settings -> PileDaemon.readable(session, settings),
              () -> DriverSide.readable(session));
    }

    OwnStore.Session reader() {
      return this::session;
    }

    String start() {
      return pile.isPresent() ? "chargepile run" : "chargepile driver close";
    }
  }

  Node node() throws ConfigException {
    if (role.config != null) {
      Config config = ConfigFile.load(role.config);
      Path folder = config.pile().dataDirectory();
      return new Node(
          folder,
          folder.resolve(PileDaemon.STORE),
          folder.resolve(PileDaemon.BEGIN),
          config.store().backup(),
          config.pile().passphraseFile(),
          Optional.of(config));
    }
    Wallet wallet = Objects.requireNonNull(role.wallet);
    return new Node(
        wallet.data,
        wallet.data.resolve(DriverSide.STORE),
        wallet.data.resolve(DriverSide.BEGIN),
        wallet.data.resolve(BackupFile.USUAL_NAME),
        Optional.ofNullable(wallet.passphrase),
        Optional.empty());
  }
}
