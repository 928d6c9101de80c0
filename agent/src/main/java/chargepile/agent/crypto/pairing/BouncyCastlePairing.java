package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.List;
import org.bouncycastle.crypto.bls.BLS12_381G1;
import org.bouncycastle.crypto.bls.BLS12_381G2;
import org.bouncycastle.crypto.bls.BLS12_381G2Point;
import org.bouncycastle.crypto.bls.BLS12_381Pairing;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
import org.bouncycastle.crypto.bls.BLS12_381SubgroupCheck;
import org.bouncycastle.crypto.bls.Fp12Element;
import org.bouncycastle.crypto.bls.Fp2Element;
import org.bouncycastle.crypto.hash2curve.HashToCurveProfile;
import org.bouncycastle.crypto.hash2curve.HashToEllipticCurve;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Bouncy Castle's pure Java: for machines where blst has no binary.
 *
 * <p>Its integers are {@link BigInteger}, so nothing here is constant-time in the strict sense.
 */
public final class BouncyCastlePairing implements Pairing {
  private static final ECCurve CURVE = BLS12_381G1.createCurve();
  private static final BLS12_381G2Point GENERATOR = BLS12_381G2.getGenerator();

  @Override
  public String name() {
    return "Bouncy Castle";
  }

  @Override
  public G1Point hashToG1(ByteVector message, String domain) {
    // RFC 9380's suites are stateful there, so each call has its own.
    return point(
        HashToEllipticCurve.getInstance(
                HashToCurveProfile.BLS12_381_G1_XMD_SHA_256_SSWU_RO, Domain.checked(domain))
            .hashToCurve(message.toByteArray()));
  }

  @Override
  public G1Point decodeG1(ByteVector compressed) {
    byte[] bytes = compressed.toByteArray();
    FieldElement.checkCompressed(bytes, 1, "a point of G1");
    ECPoint point;
    try {
      point = BLS12_381Serialization.decompressG1(bytes, CURVE);
    } catch (RuntimeException e) {
      throw MalformedPointException.offCurve("a point of G1", e);
    }
    if (!isInGroup(point)) {
      throw MalformedPointException.outside("a point of G1");
    }
    return point(point);
  }

  @Override
  public G2Point decodeG2(ByteVector compressed) {
    byte[] bytes = compressed.toByteArray();
    FieldElement.checkCompressed(bytes, 2, "a point of G2");
    BLS12_381G2Point point;
    try {
      point = BLS12_381Serialization.decompressG2(bytes);
    } catch (RuntimeException e) {
      throw MalformedPointException.offCurve("a point of G2", e);
    }
    if (!BLS12_381SubgroupCheck.isInG2Subgroup(point)) {
      throw MalformedPointException.outside("a point of G2");
    }
    return point(point);
  }

  @Override
  public G1Point add(G1Point a, G1Point b) {
    return point(affine(a).add(affine(b)));
  }

  @Override
  public G2Point sum(List<G2Point> points) {
    BLS12_381G2Point sum = BLS12_381G2Point.INFINITY;
    for (G2Point point : points) {
      sum = sum.add(affine(point));
    }
    return point(sum);
  }

  @Override
  public G1Point multiply(G1Point point, Zq scalar) {
    return point(affine(point).multiply(scalar.value()));
  }

  @Override
  public G2Point multiply(G2Point point, Zq scalar) {
    return point(affine(point).multiply(scalar.value()));
  }

  @Override
  public G1Point multiplySecret(G1Point point, Zq secret) {
    return point(BLS12_381G1.constantTimeMultiply(affine(point), secret.value()));
  }

  @Override
  public G2Point publicKey(Zq secret) {
    return point(GENERATOR.constantTimeMultiply(secret.value()));
  }

  @Override
  public G2Point generator() {
    return point(GENERATOR);
  }

  @Override
  public boolean verify(G1Point signature, G1Point hash, G2Point key) {
    if (signature.isIdentity() || hash.isIdentity() || key.isIdentity()) {
      return false;
    }
    // e(S, P) = e(h, y) is e(-S, P) · e(h, y) = 1, and one final exponentiation for both.
    return BLS12_381Pairing.multiPair(
            new ECPoint[] {affine(signature).negate(), affine(hash)},
            new BLS12_381G2Point[] {GENERATOR, affine(key)})
        .equals(Fp12Element.ONE);
  }

  private static boolean isInGroup(ECPoint point) {
    try {
      return BLS12_381SubgroupCheck.isInG1Subgroup(point);
    } catch (NullPointerException e) {
      return false; // its multiples meet infinity at once: the order is small, as of (0, 2), where
      // Bouncy Castle's windowed multiplication fails
    }
  }

  private static ECPoint affine(G1Point point) {
    return point.isIdentity()
        ? CURVE.getInfinity()
        : CURVE.createPoint(FieldElement.at(point.affine(), 0), FieldElement.at(point.affine(), 1));
  }

  private static BLS12_381G2Point affine(G2Point point) {
    byte[] bytes = point.affine();
    return point.isIdentity()
        ? BLS12_381G2Point.INFINITY
        : BLS12_381G2Point.of(
            Fp2Element.of(FieldElement.at(bytes, 1), FieldElement.at(bytes, 0)),
            Fp2Element.of(FieldElement.at(bytes, 3), FieldElement.at(bytes, 2)));
  }

  private static G1Point point(ECPoint point) {
    if (point.isInfinity()) {
      return G1Point.IDENTITY;
    }
    ECPoint affine = point.normalize();
    byte[] bytes = new byte[2 * G1Point.SIZE];
    FieldElement.put(affine.getAffineXCoord().toBigInteger(), bytes, 0);
    FieldElement.put(affine.getAffineYCoord().toBigInteger(), bytes, 1);
    return G1Point.of(bytes);
  }

  private static G2Point point(BLS12_381G2Point point) {
    if (point.isInfinity()) {
      return G2Point.IDENTITY;
    }
    byte[] bytes = new byte[2 * G2Point.SIZE];
    FieldElement.put(point.x().c1(), bytes, 0);
    FieldElement.put(point.x().c0(), bytes, 1);
    FieldElement.put(point.y().c1(), bytes, 2);
    FieldElement.put(point.y().c0(), bytes, 3);
    return G2Point.of(bytes);
  }
}
