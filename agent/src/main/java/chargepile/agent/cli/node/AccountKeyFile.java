package chargepile.agent.cli.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import org.tinylog.Logger;

/** A file with the key of an {@link EvmAddress account}: 64 hexadecimal digits. */
public final class AccountKeyFile {
  private static final int SIZE = 32;

  private AccountKeyFile() {}

  /** The key in it. */
  public static PrivateKey read(Path file) throws CommandFailedException {
    String text;
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        Logger.warn("{} may be read by everybody: chmod 600 it", file);
      }
      text = Files.readString(file).strip().replaceFirst("^0x", "");
    } catch (IOException e) {
      throw new CommandFailedException(
          "the file %s with the account's key can't be read: %s".formatted(file, e), e);
    }
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw new CommandFailedException(
          file + " holds no account's key, which is 64 hexadecimal digits");
    }
    PrivateKey key = PrivateKey.fromHex(text);
    if (!key.isValid()) {
      throw new CommandFailedException(file + " holds a number that is no key of secp256k1");
    }
    return key;
  }

  /**
   * Makes a key, which only the file's owner may read.
   *
   * @throws CommandFailedException where there is a file already
   */
  public static PrivateKey make(Path file) throws CommandFailedException, IOException {
    if (Files.exists(file)) {
      throw new CommandFailedException(file + " is there already: its key is left as it is");
    }
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[SIZE];
    PrivateKey key;
    do {
      random.nextBytes(bytes);
      key = new PrivateKey(bytes);
    } while (!key.isValid());
    DurableFile.write(file, (key.toHex() + "\n").getBytes(US_ASCII));
    return key;
  }
}
