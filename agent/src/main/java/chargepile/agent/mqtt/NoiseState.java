package chargepile.agent.mqtt;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The symmetric state of BOLT 8's handshake: chaining key, transcript hash and the key of the act.
 * Immutable.
 */
record NoiseState(byte[] chainingKey, byte[] hash, byte[] key) {
  private static final byte[] PROTOCOL =
      "Noise_XK_secp256k1_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PROLOGUE = "lightning".getBytes(StandardCharsets.US_ASCII);

  /** The state before act one; both sides know the responder's node key. */
  static NoiseState begin(PublicKey responder) {
    byte[] start = sha256(PROTOCOL);
    return new NoiseState(start, start, new byte[0])
        .mixHash(PROLOGUE)
        .mixHash(responder.value.toByteArray());
  }

  NoiseState mixHash(byte[] seen) {
    return new NoiseState(chainingKey, sha256(hash, seen), key);
  }

  NoiseState mixKey(ByteVector32 sharedSecret) {
    byte[][] keys = Aead.hkdf(chainingKey, sharedSecret.toByteArray());
    return new NoiseState(keys[0], hash, keys[1]);
  }

  byte[] seal(long nonce, byte[] plain) {
    return Aead.seal(key, nonce, hash, plain);
  }

  Optional<byte[]> open(long nonce, byte[] sealed) {
    return Aead.open(key, nonce, hash, sealed, 0, sealed.length);
  }

  /** The initiator's sending key and its receiving key. */
  byte[][] split() {
    return Aead.hkdf(chainingKey, new byte[0]);
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
