package chargepile.agent.identity;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * Secret bytes that only the owner of a node key opens (P1-08): ECDH over secp256k1 with a key made
 * for this one message, HKDF-SHA256, AES-256-GCM.
 *
 * <pre>
 * 33  the public key made for this message
 *  n  the secret, and a tag of 16; the context is authenticated with it
 * </pre>
 */
public final class SealedPart {
  private static final int KEY_SIZE = 33;
  private static final byte[] LABEL =
      "chargepile identity part 1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAG_BITS = 128;

  /** The key serves once, so its nonce need not differ. */
  private static final byte[] NONCE = new byte[12];

  private SealedPart() {}

  /**
   * The sealed secret.
   *
   * @param once a fresh random key, to be forgotten
   * @param context what the secret belongs to; {@link #open} needs the same
   */
  public static ByteVector seal(
      Signer signer, PublicKey to, PrivateKey once, ByteVector secret, ByteVector context) {
    PublicKey shown = signer.publicKey(once);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(signer.ecdh(once, to), shown, to), context)
              .doFinal(secret.toByteArray());
      return shown.value.concat(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no working AES-256-GCM", e);
    }
  }

  /** The secret; nothing when it was sealed for another key or context, or was changed. */
  public static Optional<ByteVector> open(
      Signer signer, PrivateKey own, ByteVector sealed, ByteVector context) {
    if (sealed.size() < KEY_SIZE + TAG_BITS / 8) {
      return Optional.empty();
    }
    PublicKey shown = new PublicKey(sealed.take(KEY_SIZE));
    if (!signer.isValid(shown)) {
      return Optional.empty();
    }
    try {
      byte[] secret =
          cipher(
                  Cipher.DECRYPT_MODE,
                  key(signer.ecdh(own, shown), shown, signer.publicKey(own)),
                  context)
              .doFinal(sealed.drop(KEY_SIZE).toByteArray());
      return Optional.of(new ByteVector(secret));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no working AES-256-GCM", e);
    }
  }

  private static byte[] key(ByteVector32 shared, PublicKey once, PublicKey to) {
    var hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(
        new HKDFParameters(shared.toByteArray(), once.value.concat(to.value).toByteArray(), LABEL));
    byte[] key = new byte[32];
    hkdf.generateBytes(key, 0, key.length);
    return key;
  }

  private static Cipher cipher(int mode, byte[] key, ByteVector context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
    cipher.updateAAD(context.toByteArray());
    return cipher;
  }
}
