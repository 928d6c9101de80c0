package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import java.util.function.Supplier;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;
import supranational.blst.PT;
import supranational.blst.Scalar;

/** The native library of Supranational: constant-time and the fastest. */
public final class BlstPairing implements Pairing {
  /** The first vector of RFC 9380, appendix J.9.1, compressed. */
  private static final String EXAMPLE_DOMAIN = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";

  private static final String EXAMPLE_X =
      "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4"
          + "e8cf62d9c09db0fac349612b759e79a1";

  private BlstPairing() {}

  /**
   * The back end, once the library is loaded and has hashed a known example rightly.
   *
   * @throws UnsupportedOperationException when it can't be used on this machine; the message says
   *     why
   */
  public static BlstPairing load() {
    return load(BlstPairing::new);
  }

  static BlstPairing load(Supplier<BlstPairing> loader) {
    try {
      BlstPairing pairing = loader.get();
      G1Point point = pairing.hashToG1(ByteVector.empty, EXAMPLE_DOMAIN);
      if (!new ByteVector(point.affine()).toHex().startsWith(EXAMPLE_X)) {
        throw new UnsupportedOperationException(
            "blst fails its self-test: it hashed the known example to " + point);
      }
      return pairing;
    } catch (LinkageError | RuntimeException e) {
      if (e instanceof UnsupportedOperationException refused) {
        throw refused;
      }
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new UnsupportedOperationException("blst does not load: " + reason, e);
    }
  }

  @Override
  public String name() {
    return "blst";
  }

  @Override
  public G1Point hashToG1(ByteVector message, String domain) {
    return point(new P1().hash_to(message.toByteArray(), Domain.checked(domain)));
  }

  @Override
  public G1Point decodeG1(ByteVector compressed) {
    byte[] bytes = compressed.toByteArray();
    FieldElement.checkCompressed(bytes, 1, "a point of G1");
    P1_Affine point;
    try {
      point = new P1_Affine(bytes);
    } catch (RuntimeException e) {
      throw refused("a point of G1", e);
    }
    if (!point.in_group()) {
      throw MalformedPointException.outside("a point of G1");
    }
    return G1Point.of(point.serialize());
  }

  @Override
  public G2Point decodeG2(ByteVector compressed) {
    byte[] bytes = compressed.toByteArray();
    FieldElement.checkCompressed(bytes, 2, "a point of G2");
    P2_Affine point;
    try {
      point = new P2_Affine(bytes);
    } catch (RuntimeException e) {
      throw refused("a point of G2", e);
    }
    if (!point.in_group()) {
      throw MalformedPointException.outside("a point of G2");
    }
    return G2Point.of(point.serialize());
  }

  @Override
  public G1Point add(G1Point a, G1Point b) {
    return point(jacobian(a).add(jacobian(b)));
  }

  @Override
  public G2Point sum(List<G2Point> points) {
    P2 sum = new P2();
    for (G2Point point : points) {
      sum.add(affine(point));
    }
    return point(sum);
  }

  @Override
  public G1Point multiply(G1Point point, Zq scalar) {
    return multiplySecret(point, scalar);
  }

  @Override
  public G2Point multiply(G2Point point, Zq scalar) {
    return point(new P2(affine(point)).mult(scalar(scalar)));
  }

  @Override
  public G1Point multiplySecret(G1Point point, Zq secret) {
    return point(jacobian(point).mult(scalar(secret)));
  }

  @Override
  public G2Point publicKey(Zq secret) {
    return point(P2.generator().mult(scalar(secret)));
  }

  @Override
  public G2Point generator() {
    return point(P2.generator());
  }

  @Override
  public boolean verify(G1Point signature, G1Point hash, G2Point key) {
    if (signature.isIdentity() || hash.isIdentity() || key.isIdentity()) {
      return false;
    }
    return PT.finalverify(
        new PT(affine(signature), P2_Affine.generator()), new PT(affine(hash), affine(key)));
  }

  /** The library says why in its message; points with x = 0 it never lets in. */
  private static MalformedPointException refused(String what, RuntimeException e) {
    return String.valueOf(e.getMessage()).contains("not in group")
        ? MalformedPointException.outside(what)
        : MalformedPointException.offCurve(what, e);
  }

  private static Scalar scalar(Zq scalar) {
    return new Scalar().from_bendian(scalar.encode().toByteArray());
  }

  private static P1_Affine affine(G1Point point) {
    return new P1_Affine(point.affine());
  }

  private static P2_Affine affine(G2Point point) {
    return new P2_Affine(point.affine());
  }

  private static P1 jacobian(G1Point point) {
    return new P1(affine(point));
  }

  private static G1Point point(P1 point) {
    return G1Point.of(point.serialize());
  }

  private static G2Point point(P2 point) {
    return G2Point.of(point.serialize());
  }
}
