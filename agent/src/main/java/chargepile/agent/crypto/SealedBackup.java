package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A backup that only its node's seed opens: AES-256-GCM under a key of its own.
 *
 * <pre>
 *  4  magic "CPSB"
 *  1  version, 1
 *  8  names the seed: the first bytes of a secret of its own
 * 12  nonce
 *  n  content and tag (16); all that stands before is authenticated with it
 *  8  the first bytes of SHA-256 of all that stands before: tells damage without the seed
 * </pre>
 */
public final class SealedBackup {
  private static final int MAGIC = 0x43505342;
  private static final byte VERSION = 1;
  private static final int NAME_SIZE = 8;
  private static final int NONCE_SIZE = 12;
  private static final int TAG_SIZE = 16;
  private static final int CHECKSUM_SIZE = 8;
  private static final int HEADER_SIZE = 4 + 1 + NAME_SIZE + NONCE_SIZE;

  private SealedBackup() {}

  /** The bytes are no backup that this seed and this program can open; the message says why. */
  public static final class UnreadableBackupException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreadableBackupException(String message) {
      super(message);
    }

    public UnreadableBackupException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The sealed content.
   *
   * @param nonce 12 fresh random bytes
   */
  public static ByteVector seal(ByteVector32 seed, byte[] content, ByteVector nonce) {
    if (nonce.size() != NONCE_SIZE) {
      throw new IllegalArgumentException("a nonce has 12 bytes, not " + nonce.size());
    }
    byte[] header =
        ByteBuffer.allocate(HEADER_SIZE)
            .putInt(MAGIC)
            .put(VERSION)
            .put(name(seed))
            .put(nonce.toByteArray())
            .array();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, seed, header).doFinal(content);
      ByteVector body = new ByteVector(header).concat(sealed);
      return body.concat(checksum(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no working AES-256-GCM", e);
    }
  }

  /**
   * The content.
   *
   * @throws UnreadableBackupException when it is damaged, another seed's, or no backup
   */
  public static byte[] open(ByteVector32 seed, byte[] backup) {
    if (backup.length < HEADER_SIZE + TAG_SIZE + CHECKSUM_SIZE) {
      throw new UnreadableBackupException(
          "it is no backup, or cut off: it has only %d bytes".formatted(backup.length));
    }
    ByteBuffer in = ByteBuffer.wrap(backup);
    if (in.getInt() != MAGIC) {
      throw new UnreadableBackupException("it is no backup: it does not begin with CPSB");
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new UnreadableBackupException(
          "it is a backup of version %d, this program knows version %d: use the newer program"
              .formatted(Byte.toUnsignedInt(version), VERSION));
    }
    ByteVector body = new ByteVector(backup).take(backup.length - CHECKSUM_SIZE);
    if (!body.concat(checksum(body)).equals(new ByteVector(backup))) {
      throw new UnreadableBackupException("it is damaged or cut off: use another copy of it");
    }
    byte[] name = new byte[NAME_SIZE];
    in.get(name);
    if (!Arrays.equals(name, name(seed))) {
      throw new UnreadableBackupException(
          "it belongs to another seed: put back the seed that it was made with");
    }
    byte[] sealed = body.drop(HEADER_SIZE).toByteArray();
    try {
      return cipher(Cipher.DECRYPT_MODE, seed, body.take(HEADER_SIZE).toByteArray())
          .doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw new UnreadableBackupException("it was changed on purpose: use another copy of it", e);
    }
  }

  private static byte[] name(ByteVector32 seed) {
    return SecretDerivation.bytes(seed, "backup name").take(NAME_SIZE).toByteArray();
  }

  private static ByteVector checksum(ByteVector body) {
    return body.sha256().take(CHECKSUM_SIZE);
  }

  private static Cipher cipher(int mode, ByteVector32 seed, byte[] header)
      throws GeneralSecurityException {
    byte[] key = SecretDerivation.bytes(seed, "backup key").toByteArray();
    byte[] nonce = Arrays.copyOfRange(header, HEADER_SIZE - NONCE_SIZE, HEADER_SIZE);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_SIZE * 8, nonce));
    cipher.updateAAD(header);
    return cipher;
  }
}
