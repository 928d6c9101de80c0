package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.SealedSeed;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.tinylog.Logger;

/** The file with a node's seed: 32 bytes, or the same sealed under a passphrase. */
public final class SeedFile {
  private static final int PLAIN_SIZE = 32;

  private SeedFile() {}

  /**
   * The seed in {@code file}; the first time a fresh one, which is on the disk when this returns.
   *
   * @param store the node's store; one without a seed belongs to a seed that is lost
   * @throws CommandFailedException when the file can't be used, with what to do
   */
  public static ByteVector32 open(Path file, Optional<Path> passphraseFile, Path store)
      throws CommandFailedException, IOException {
    Optional<char[]> passphrase = Optional.empty();
    if (passphraseFile.isPresent()) {
      passphrase = Optional.of(SecretFile.read(passphraseFile.get()).toCharArray());
    }
    if (!Files.exists(file)) {
      if (Files.exists(store)) {
        throw new CommandFailedException(
            "%s is missing, but %s is there: put the seed back, for a new one would not open its channels"
                .formatted(file, store));
      }
      create(file, passphrase);
    }
    return read(file, passphrase);
  }

  /**
   * The seed in {@code file}, which must be there.
   *
   * @throws CommandFailedException when it is not, or can't be used
   */
  public static ByteVector32 existing(Path file, Optional<Path> passphraseFile)
      throws CommandFailedException, IOException {
    if (!Files.exists(file)) {
      throw new CommandFailedException(
          "%s is missing: put back the seed's file first, mode 600. Without it nothing can be recovered"
              .formatted(file));
    }
    Optional<char[]> passphrase = Optional.empty();
    if (passphraseFile.isPresent()) {
      passphrase = Optional.of(SecretFile.read(passphraseFile.get()).toCharArray());
    }
    return read(file, passphrase);
  }

  private static ByteVector32 read(Path file, Optional<char[]> passphrase)
      throws CommandFailedException, IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!DurableFile.OWNER_ONLY.containsAll(permissions)) {
      throw new CommandFailedException(
          "%s may be read by others (%s): chmod 600 it; if others could read it, close the channels"
              .formatted(file, PosixFilePermissions.toString(permissions)));
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == PLAIN_SIZE) {
      if (passphrase.isPresent()) {
        Logger.warn("{} is not sealed: the passphrase file is not used", file);
      }
      return new ByteVector32(bytes);
    }
    if (bytes.length != SealedSeed.SIZE) {
      throw new CommandFailedException(
          "%s is no seed: it has %d bytes".formatted(file, bytes.length));
    }
    if (passphrase.isEmpty()) {
      throw new CommandFailedException(file + " is sealed: give the file with its passphrase");
    }
    try {
      return SealedSeed.open(new ByteVector(bytes), passphrase.get());
    } catch (SealedSeed.WrongPassphraseException | IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void create(Path file, Optional<char[]> passphrase) throws IOException {
    SecureRandom random = new SecureRandom();
    ByteVector32 seed = new ByteVector32(bytes(random, PLAIN_SIZE));
    byte[] content = seed.toByteArray();
    if (passphrase.isPresent()) {
      ByteVector salt = new ByteVector(bytes(random, 16));
      ByteVector nonce = new ByteVector(bytes(random, 12));
      content =
          SealedSeed.seal(seed, passphrase.get(), SealedSeed.Cost.STANDARD, salt, nonce)
              .toByteArray();
    }
    DurableFile.write(file, content);
    Logger.info(
        "made a seed in {}: keep a copy of it and of the backup of the channels, never one of the"
            + " store",
        file);
  }

  private static byte[] bytes(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
