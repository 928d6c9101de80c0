package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * secp256k1: ECDSA and the point and scalar arithmetic that key derivation needs.
 *
 * <p>Every implementation gives the same bytes for the same input. Thread-safe.
 */
public interface Signer {
  /** {@link #best(Consumer)} for a caller that has nowhere to say why. */
  static Signer best() {
    return best(reason -> {});
  }

  /**
   * libsecp256k1 when its library loads and signs a known example rightly, else Bouncy Castle.
   *
   * @param fallback is told why libsecp256k1 is not used, in that case only
   */
  static Signer best(Consumer<String> fallback) {
    try {
      return LibSecp256k1Signer.load();
    } catch (UnsupportedOperationException e) {
      fallback.accept(e.getMessage());
      return new BouncyCastleSigner();
    }
  }

  /** The implementation's name, for the log: {@code libsecp256k1} or {@code Bouncy Castle}. */
  String name();

  /** Whether 33 bytes are a compressed point on the curve. */
  boolean isValid(PublicKey key);

  PublicKey publicKey(PrivateKey key);

  /** A low-S signature with an RFC 6979 nonce, in compact form (r ‖ s). */
  ByteVector64 sign(ByteVector32 digest, PrivateKey key);

  /**
   * Whether {@code signature} (compact, low-S) is {@code key}'s on {@code digest}; never throws on
   * bad input.
   */
  boolean verify(ByteVector32 digest, ByteVector64 signature, PublicKey key);

  /**
   * The key whose signature on {@code digest} this is; empty when it is nobody's, or its s is high.
   *
   * @param recoveryId the parity of the nonce point's y: 0 or 1
   */
  Optional<PublicKey> recover(ByteVector32 digest, ByteVector64 signature, int recoveryId);

  /**
   * The sum of two points; throws {@link IllegalArgumentException} when it is infinity or a point
   * is invalid.
   */
  PublicKey add(PublicKey a, PublicKey b);

  /** A point times a scalar of 1 to n-1. */
  PublicKey multiply(PublicKey point, ByteVector32 scalar);

  /**
   * The sum of two keys modulo the group order; throws {@link IllegalArgumentException} when it is
   * 0.
   */
  PrivateKey add(PrivateKey a, PrivateKey b);

  /** The product of a key and a scalar modulo the group order. */
  PrivateKey multiply(PrivateKey key, ByteVector32 scalar);

  /** BOLT 8's ECDH: SHA-256 of the compressed shared point. */
  ByteVector32 ecdh(PrivateKey key, PublicKey point);
}
