package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * Bouncy Castle's pure Java: for machines where libsecp256k1 has no binary.
 *
 * <p>Multiplication of an arbitrary point is not constant-time; BOLT 8's key agreement is the only
 * use of it with a secret.
 */
public final class BouncyCastleSigner implements Signer {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);
  private static final BigInteger N = CURVE.getN();
  private static final BigInteger HALF_N = N.shiftRight(1);

  @Override
  public String name() {
    return "Bouncy Castle";
  }

  @Override
  public boolean isValid(PublicKey key) {
    try {
      return !decode(key).isInfinity();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public PublicKey publicKey(PrivateKey key) {
    return encode(new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar(key)));
  }

  @Override
  public ByteVector64 sign(ByteVector32 digest, PrivateKey key) {
    var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(scalar(key), DOMAIN));
    BigInteger[] signature = signer.generateSignature(digest.toByteArray());
    BigInteger s = signature[1].compareTo(HALF_N) > 0 ? N.subtract(signature[1]) : signature[1];
    byte[] compact = new byte[64];
    BigIntegers.asUnsignedByteArray(signature[0], compact, 0, 32);
    BigIntegers.asUnsignedByteArray(s, compact, 32, 32);
    return new ByteVector64(compact);
  }

  @Override
  public boolean verify(ByteVector32 digest, ByteVector64 signature, PublicKey key) {
    byte[] compact = signature.toByteArray();
    BigInteger r = BigIntegers.fromUnsignedByteArray(compact, 0, 32);
    BigInteger s = BigIntegers.fromUnsignedByteArray(compact, 32, 32);
    if (s.compareTo(HALF_N) > 0 || !isValid(key)) {
      return false;
    }
    var verifier = new ECDSASigner();
    verifier.init(false, new ECPublicKeyParameters(decode(key), DOMAIN));
    return verifier.verifySignature(digest.toByteArray(), r, s);
  }

  /** SEC 1, 4.1.6; a nonce point whose x is above the order is never met and not looked for. */
  @Override
  public Optional<PublicKey> recover(ByteVector32 digest, ByteVector64 signature, int recoveryId) {
    byte[] compact = signature.toByteArray();
    BigInteger r = BigIntegers.fromUnsignedByteArray(compact, 0, 32);
    BigInteger s = BigIntegers.fromUnsignedByteArray(compact, 32, 32);
    if (r.signum() == 0 || r.compareTo(N) >= 0 || s.signum() == 0 || s.compareTo(HALF_N) > 0) {
      return Optional.empty();
    }
    byte[] encoded = new byte[33];
    encoded[0] = (byte) (2 + recoveryId);
    System.arraycopy(compact, 0, encoded, 1, 32);
    ECPoint nonce;
    try {
      nonce = CURVE.getCurve().decodePoint(encoded);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no point has this x
    }
    BigInteger inverse = r.modInverse(N);
    BigInteger e = new BigInteger(1, digest.toByteArray());
    ECPoint key =
        ECAlgorithms.sumOfTwoMultiplies(
            CURVE.getG(), e.negate().multiply(inverse).mod(N), nonce, s.multiply(inverse).mod(N));
    return key.isInfinity() ? Optional.empty() : Optional.of(encode(key));
  }

  @Override
  public PublicKey add(PublicKey a, PublicKey b) {
    return encode(decode(a).add(decode(b)));
  }

  @Override
  public PublicKey multiply(PublicKey point, ByteVector32 scalar) {
    return encode(decode(point).multiply(scalar(scalar)));
  }

  @Override
  public PrivateKey add(PrivateKey a, PrivateKey b) {
    BigInteger sum = scalar(a).add(scalar(b)).mod(N);
    if (sum.signum() == 0) {
      throw new IllegalArgumentException("the sum of the private keys is 0");
    }
    return key(sum);
  }

  @Override
  public PrivateKey multiply(PrivateKey key, ByteVector32 scalar) {
    return key(scalar(key).multiply(scalar(scalar)).mod(N));
  }

  @Override
  public ByteVector32 ecdh(PrivateKey key, PublicKey point) {
    return encode(decode(point).multiply(scalar(key))).value.sha256();
  }

  private static ECPoint decode(PublicKey key) {
    return CURVE.getCurve().decodePoint(key.value.toByteArray());
  }

  private static PublicKey encode(ECPoint point) {
    if (point.isInfinity()) {
      throw new IllegalArgumentException("the resulting point is infinity");
    }
    return new PublicKey(point.getEncoded(true));
  }

  private static BigInteger scalar(PrivateKey key) {
    return scalar(key.value);
  }

  private static BigInteger scalar(ByteVector32 bytes) {
    var scalar = new BigInteger(1, bytes.toByteArray());
    if (scalar.signum() == 0 || scalar.compareTo(N) >= 0) {
      throw new IllegalArgumentException("a scalar is outside 1 to n-1");
    }
    return scalar;
  }

  private static PrivateKey key(BigInteger scalar) {
    return new PrivateKey(BigIntegers.asUnsignedByteArray(32, scalar));
  }
}
