package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.crypto.SealedBackup;
import chargepile.agent.runtime.NodeBackup;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The file with the backup of a node's channels: whole or not there, and sealed by the seed. */
public final class BackupFile {
  /** Its name where nobody chose another. */
  public static final String USUAL_NAME = "channels.backup";

  private static final int NONCE_SIZE = 12;

  /** Larger than any: ten thousand channels. */
  private static final long LARGEST = 16 << 20;

  private BackupFile() {}

  /**
   * Puts the backup in the place of the one before; a copy made at any time is one or the other.
   *
   * @return its size in bytes
   */
  public static int write(Path file, NodeBackup backup, ByteVector32 seed) throws IOException {
    byte[] nonce = new byte[NONCE_SIZE];
    new SecureRandom().nextBytes(nonce);
    byte[] sealed = SealedBackup.seal(seed, backup.encode(), new ByteVector(nonce)).toByteArray();
    DurableFile.write(file, sealed);
    return sealed.length;
  }

  /**
   * The backup in a file.
   *
   * @throws CommandFailedException when it can't be used, with the reason
   */
  public static NodeBackup read(Path file, ByteVector32 seed) throws CommandFailedException {
    byte[] bytes;
    try {
      if (Files.size(file) > LARGEST) {
        throw new CommandFailedException(
            "%s is no backup: it has %,d bytes".formatted(file, Files.size(file)));
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandFailedException("the backup %s can't be read: %s".formatted(file, e), e);
    }
    try {
      return NodeBackup.decode(SealedBackup.open(seed, bytes));
    } catch (SealedBackup.UnreadableBackupException | MalformedStateException e) {
      throw new CommandFailedException(
          "the backup %s can't be used: %s. Nothing was changed".formatted(file, e.getMessage()),
          e);
    }
  }
}
