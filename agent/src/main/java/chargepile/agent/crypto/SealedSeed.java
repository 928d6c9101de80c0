package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A 32-byte seed under a passphrase: Argon2id (RFC 9106) makes the key, AES-256-GCM seals.
 *
 * <pre>
 *  4  magic "CPSD"
 *  1  version, 1
 *  4  memory, KiB          } Argon2id
 *  4  iterations           }
 *  1  lanes                }
 * 16  salt
 * 12  nonce
 * 48  seed and tag; all that stands before is authenticated with it
 * </pre>
 */
public final class SealedSeed {
  private static final int MAGIC = 0x43505344;
  private static final byte VERSION = 1;
  private static final int SALT_SIZE = 16;
  private static final int NONCE_SIZE = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_SIZE = 4 + 1 + 4 + 4 + 1 + SALT_SIZE + NONCE_SIZE;

  /** The size of a sealed seed in bytes. */
  public static final int SIZE = HEADER_SIZE + 32 + TAG_BITS / 8;

  private SealedSeed() {}

  /**
   * What guessing a passphrase costs. The bounds keep a tampered file from exhausting the machine.
   *
   * @param memoryKib 8 MiB to 256 MiB
   * @param iterations 1 to 64
   * @param lanes 1 to 16
   */
  public record Cost(int memoryKib, int iterations, int lanes) {
    /** OWASP's recommendation of 19 MiB, which fits the pile's small heap. */
    public static final Cost STANDARD = new Cost(19 * 1024, 2, 1);

    public Cost {
      requireWithin("memory in KiB", memoryKib, 8 * 1024, 256 * 1024);
      requireWithin("iterations", iterations, 1, 64);
      requireWithin("lanes", lanes, 1, 16);
    }

    private static void requireWithin(String what, int value, int low, int high) {
      if (value < low || value > high) {
        throw new IllegalArgumentException(
            "Argon2id %s outside %d to %d: %d".formatted(what, low, high, value));
      }
    }
  }

  /** The passphrase is not the one the seed was sealed with, or the bytes were changed. */
  public static final class WrongPassphraseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongPassphraseException(Throwable cause) {
      super("the passphrase is wrong, or the sealed seed was changed; nothing was opened", cause);
    }
  }

  /**
   * The sealed seed.
   *
   * @param salt 16 fresh random bytes
   * @param nonce 12 fresh random bytes
   */
  public static ByteVector seal(
      ByteVector32 seed, char[] passphrase, Cost cost, ByteVector salt, ByteVector nonce) {
    requireSize("salt", salt, SALT_SIZE);
    requireSize("nonce", nonce, NONCE_SIZE);
    byte[] header =
        ByteBuffer.allocate(HEADER_SIZE)
            .putInt(MAGIC)
            .put(VERSION)
            .putInt(cost.memoryKib())
            .putInt(cost.iterations())
            .put((byte) cost.lanes())
            .put(salt.toByteArray())
            .put(nonce.toByteArray())
            .array();
    try {
      byte[] sealed =
          cipher(
                  Cipher.ENCRYPT_MODE,
                  key(passphrase, cost, salt.toByteArray()),
                  nonce.toByteArray(),
                  header)
              .doFinal(seed.toByteArray());
      return new ByteVector(header).concat(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no working AES-256-GCM", e);
    }
  }

  /**
   * The seed.
   *
   * @throws WrongPassphraseException when it can't be opened with this passphrase
   * @throws IllegalArgumentException when the bytes are no sealed seed of a known version
   */
  public static ByteVector32 open(ByteVector sealed, char[] passphrase) {
    requireSize("sealed seed", sealed, SIZE);
    ByteBuffer in = ByteBuffer.wrap(sealed.toByteArray());
    if (in.getInt() != MAGIC) {
      throw new IllegalArgumentException("not a sealed seed: it does not begin with CPSD");
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "sealed seed of version " + version + "; this program knows version " + VERSION);
    }
    Cost cost = new Cost(in.getInt(), in.getInt(), in.get());
    byte[] salt = new byte[SALT_SIZE];
    byte[] nonce = new byte[NONCE_SIZE];
    in.get(salt).get(nonce);
    byte[] header = sealed.take(HEADER_SIZE).toByteArray();
    byte[] body = sealed.drop(HEADER_SIZE).toByteArray();
    try {
      return new ByteVector32(
          cipher(Cipher.DECRYPT_MODE, key(passphrase, cost, salt), nonce, header).doFinal(body));
    } catch (AEADBadTagException e) {
      throw new WrongPassphraseException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no working AES-256-GCM", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    return cipher;
  }

  private static byte[] key(char[] passphrase, Cost cost, byte[] salt) {
    var argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.iterations())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] key = new byte[32];
    // Converts the passphrase to UTF-8.
    argon2.generateBytes(passphrase, key);
    return key;
  }

  private static void requireSize(String what, ByteVector bytes, int size) {
    if (bytes.size() != size) {
      throw new IllegalArgumentException(
          what + " has " + bytes.size() + " bytes instead of " + size);
    }
  }
}
