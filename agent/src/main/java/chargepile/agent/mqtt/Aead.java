package chargepile.agent.mqtt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 with BOLT 8's nonces (four zero bytes and a little-endian 64-bit number), and
 * its HKDF with two outputs. Stateless, thread-safe.
 */
final class Aead {
  static final int TAG_BYTES = 16;
  static final int KEY_BYTES = 32;

  private Aead() {}

  /** Encrypts and appends the tag. */
  static byte[] seal(byte[] key, long nonce, byte[] associated, byte[] plain) {
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no ChaCha20-Poly1305", e);
    }
  }

  /** Decrypts, or nothing when the tag does not fit. */
  static Optional<byte[]> open(
      byte[] key, long nonce, byte[] associated, byte[] in, int offset, int length) {
    if (length < TAG_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return Optional.of(cipher.doFinal(in, offset, length));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no ChaCha20-Poly1305", e);
    }
  }

  /** 64 bytes of HKDF-SHA256 with {@code salt} and no info, as two keys. */
  static byte[][] hkdf(byte[] salt, byte[] material) {
    try {
      byte[] out =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addSalt(salt)
                      .addIKM(material)
                      .thenExpand(null, 2 * KEY_BYTES));
      byte[] first = new byte[KEY_BYTES];
      byte[] second = new byte[KEY_BYTES];
      ByteBuffer.wrap(out).get(first).get(second);
      return new byte[][] {first, second};
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, long nonce) throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4, nonce).array();
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(iv));
    return cipher;
  }
}
