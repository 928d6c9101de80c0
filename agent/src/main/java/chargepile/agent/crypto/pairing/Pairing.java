package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import java.util.function.Consumer;

/**
 * BLS12-381 with the pairing e: G1 × G2 → GT (P1-18: signatures and h in G1, P and keys in G2).
 *
 * <p>Every implementation gives the same bytes for the same input. Thread-safe.
 */
public interface Pairing {
  /** {@link #best(Consumer)} for a caller that has nowhere to say why. */
  static Pairing best() {
    return best(reason -> {});
  }

  /**
   * blst when its library loads and gives a known answer, else Bouncy Castle.
   *
   * @param fallback is told why blst is not used, in that case only
   */
  static Pairing best(Consumer<String> fallback) {
    try {
      return BlstPairing.load();
    } catch (UnsupportedOperationException e) {
      fallback.accept(e.getMessage());
      return new BouncyCastlePairing();
    }
  }

  /** The implementation's name, for the log: {@code blst} or {@code Bouncy Castle}. */
  String name();

  /**
   * A point whose logarithm nobody knows: RFC 9380, suite {@code BLS12381G1_XMD:SHA-256_SSWU_RO_}.
   *
   * @param domain the domain separation tag: 1 to 255 printable ASCII characters, one for each use
   */
  G1Point hashToG1(ByteVector message, String domain);

  /**
   * Reads a compressed point.
   *
   * @throws MalformedPointException when it is not the one encoding of a point on the curve, in the
   *     group of order q and not the identity
   */
  G1Point decodeG1(ByteVector compressed);

  /** The same for G2. */
  G2Point decodeG2(ByteVector compressed);

  G1Point add(G1Point a, G1Point b);

  /** The sum of keys; the identity for none. */
  G2Point sum(List<G2Point> points);

  /** A point times a public scalar; the time may tell the scalar. */
  G1Point multiply(G1Point point, Zq scalar);

  /** A point times a public scalar; the time may tell the scalar. */
  G2Point multiply(G2Point point, Zq scalar);

  /**
   * A point times a secret: blst in constant time; Bouncy Castle with the same steps for each
   * secret, but on integers whose arithmetic is not constant-time.
   */
  G1Point multiplySecret(G1Point point, Zq secret);

  /** The public key of a secret, x · P; as careful as {@link #multiplySecret}. */
  G2Point publicKey(Zq secret);

  /** P, the generator of G2. */
  G2Point generator();

  /**
   * Whether e(signature, P) = e(hash, key): two pairings. False when one of the three is the
   * identity.
   */
  boolean verify(G1Point signature, G1Point hash, G2Point key);
}
