package chargepile.agent.crypto;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;

/**
 * A signature from which a contract recovers its signer's address: r ‖ s with a low s, and v, which
 * is 27 or 28. Any other s or v is no signature (EIP-2), so that there is one form of each.
 *
 * @param compact r ‖ s
 */
public record EvmSignature(ByteVector64 compact, int v) {
  /** Bytes of r ‖ s ‖ v. */
  public static final int BYTES = 65;

  private static final int LEAST_V = 27;
  private static final ECCurve CURVE = CustomNamedCurves.getByName("secp256k1").getCurve();
  private static final BigInteger HALF_N = CURVE.getOrder().shiftRight(1);

  public EvmSignature {
    if (v != LEAST_V && v != LEAST_V + 1) {
      throw new IllegalArgumentException("v is 27 or 28, not " + v);
    }
    byte[] bytes = compact.toByteArray();
    BigInteger r = new BigInteger(1, bytes, 0, 32);
    BigInteger s = new BigInteger(1, bytes, 32, 32);
    if (r.signum() == 0 || r.compareTo(CURVE.getOrder()) >= 0) {
      throw new IllegalArgumentException("r is outside 1 to n-1");
    }
    if (s.signum() == 0 || s.compareTo(HALF_N) > 0) {
      throw new IllegalArgumentException("s is outside 1 to n/2");
    }
  }

  /**
   * Reads r ‖ s ‖ v; throws {@link IllegalArgumentException} for anything but a signature in its
   * only form.
   */
  public static EvmSignature of(ByteVector bytes) {
    if (bytes.size() != BYTES) {
      throw new IllegalArgumentException("a signature has 65 bytes, not " + bytes.size());
    }
    return new EvmSignature(
        new ByteVector64(bytes.slice(0, BYTES - 1)), bytes.get(BYTES - 1) & 0xff);
  }

  /** {@code key}'s signature on a digest, with an RFC 6979 nonce. */
  public static EvmSignature sign(Signer signer, ByteVector32 digest, PrivateKey key) {
    ByteVector64 compact = signer.sign(digest, key);
    PublicKey own = signer.publicKey(key);
    int id = signer.recover(digest, compact, 0).filter(own::equals).isPresent() ? 0 : 1;
    return new EvmSignature(compact, LEAST_V + id);
  }

  /** The address of a public key: the last 20 bytes of the hash of its point. */
  public static EvmAddress address(PublicKey key) {
    return new EvmAddress(Keccak256.hash(point(key)).slice(12, 32));
  }

  /** A public key as contracts take it: x ‖ y, 64 bytes. */
  public static ByteVector point(PublicKey key) {
    byte[] point = CURVE.decodePoint(key.value.toByteArray()).getEncoded(false);
    return new ByteVector(point).slice(1, point.length);
  }

  /** Whose signature on a digest this is; empty when it is nobody's. */
  public Optional<EvmAddress> signer(Signer signer, ByteVector32 digest) {
    return signer.recover(digest, compact, v - LEAST_V).map(EvmSignature::address);
  }

  /** r ‖ s ‖ v. */
  public ByteVector bytes() {
    return compact.concat((byte) v);
  }

  @Override
  public String toString() {
    return bytes().toHex();
  }
}
