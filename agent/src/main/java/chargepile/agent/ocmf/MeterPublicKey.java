package chargepile.agent.ocmf;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/**
 * A meter's public key as programs for receipts take it: a DER {@code SubjectPublicKeyInfo} of an
 * uncompressed point on secp256k1 (RFC 5480), in hexadecimal digits.
 */
public final class MeterPublicKey {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

  /** Sequence, algorithm id-ecPublicKey with secp256k1, and a bit string of 65 bytes. */
  private static final String HEAD = "3056301006072A8648CE3D020106052B8104000A034200";

  private MeterPublicKey() {}

  /** In upper case. */
  public static String toHex(PublicKey key) {
    byte[] point =
        CURVE.getCurve().decodePoint(key.value.toByteArray()).getEncoded(/* compressed= */ false);
    return HEAD + HexFormat.of().withUpperCase().formatHex(point);
  }

  /**
   * The key in {@code hex}: DER as above, or the 33 bytes of a compressed point.
   *
   * @throws MalformedRecordException when it is neither
   */
  public static PublicKey parse(String hex) throws MalformedRecordException {
    String upper = hex.toUpperCase(Locale.ROOT);
    String point = upper.startsWith(HEAD) ? upper.substring(HEAD.length()) : upper;
    try {
      byte[] bytes = HexFormat.of().parseHex(point);
      if (bytes.length != (upper.startsWith(HEAD) ? 65 : 33)) {
        throw noKey(null);
      }
      ECPoint decoded = CURVE.getCurve().decodePoint(bytes);
      return new PublicKey(new ByteVector(decoded.getEncoded(/* compressed= */ true)));
    } catch (IllegalArgumentException e) {
      throw noKey(e);
    }
  }

  private static MalformedRecordException noKey(@Nullable Throwable cause) {
    String text =
        "no public key on secp256k1: give the 66 hex digits of a compressed point, or the 176 of"
            + " a DER SubjectPublicKeyInfo";
    return cause == null
        ? new MalformedRecordException(text)
        : new MalformedRecordException(text, cause);
  }
}
