package chargepile.agent.cli.register;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.driver.DriverSide;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.runtime.NodeKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which device asks: the pile of a configuration, or the wallet in a folder. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class Device {
  private static final String SEED = "seed";

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Which which;

  /** One of the two. */
  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  static final class Which {
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
        description =
            "The folder of a driver's wallet, as for `driver`; made when it is not there.")
    private Path data;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The file with the passphrase of the wallet's seed, where it is sealed.")
    private @Nullable Path passphrase;
  }

  /**
   * A device and its keys.
   *
   * @param store its own, which need not be there yet
   * @param pile its configuration; empty for a driver
   */
  public record Opened(Path folder, Path store, NodeKeys keys, Optional<Config> pile) {}

  /** Opens it; a device that has never run gets its seed now, the same that it will run with. */
  public Opened open() throws CommandFailedException, ConfigException, IOException {
    if (which.config != null) {
      return pile(ConfigFile.load(which.config));
    }
    Wallet wallet = Objects.requireNonNull(which.wallet);
    return wallet(wallet.data, Optional.ofNullable(wallet.passphrase));
  }

  /** The pile of a configuration. */
  public static Opened pile(Config config) throws CommandFailedException, IOException {
    return opened(
        config.pile().dataDirectory(),
        PileDaemon.STORE,
        config.store().backup(),
        config.pile().passphraseFile(),
        Optional.of(config));
  }

  /** A wallet that is there already, in its folder. */
  public static Opened knownWallet(Path folder, Optional<Path> passphrase)
      throws CommandFailedException, IOException {
    if (!Files.exists(folder.resolve(SEED))) {
      throw new CommandFailedException(
          "there is no wallet in %s: chargepile register, or the first use of chargepile driver, makes one"
              .formatted(folder));
    }
    return wallet(folder, passphrase);
  }

  private static Opened wallet(Path folder, Optional<Path> passphrase)
      throws CommandFailedException, IOException {
    return opened(
        folder,
        DriverSide.STORE,
        folder.resolve(BackupFile.USUAL_NAME),
        passphrase,
        Optional.empty());
  }

  private static Opened opened(
      Path folder, String storeName, Path backup, Optional<Path> passphrase, Optional<Config> pile)
      throws CommandFailedException, IOException {
    Files.createDirectories(folder);
    Path store = folder.resolve(storeName);
    OwnStore.requireNotLost(store, backup);
    NodeKeys keys =
        new NodeKeys(
            SeedFile.open(folder.resolve(SEED), passphrase, store),
            Signer.best(reason -> Logger.warn("{}", reason)));
    return new Opened(folder, store, keys, pile);
  }
}
