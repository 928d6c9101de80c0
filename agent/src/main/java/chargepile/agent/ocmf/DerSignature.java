package chargepile.agent.ocmf;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector64;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.util.BigIntegers;

/** An ECDSA signature between its compact form (r ‖ s) and DER (RFC 3279). */
final class DerSignature {
  private static final BigInteger N = CustomNamedCurves.getByName("secp256k1").getN();
  private static final BigInteger HALF_N = N.shiftRight(1);

  private DerSignature() {}

  static ByteVector encode(ByteVector64 compact) {
    try {
      return new ByteVector(
          StandardDSAEncoding.INSTANCE.encode(
              N,
              new BigInteger(1, compact.take(32).toByteArray()),
              new BigInteger(1, compact.drop(32).toByteArray())));
    } catch (IOException e) {
      throw new IllegalArgumentException("a signature that can't be encoded", e);
    }
  }

  /**
   * Reads DER in hexadecimal digits of one case, so that there is one text for a signature; of the
   * two values that {@code s} can have, the lower is given.
   */
  static ByteVector64 decode(String hex) throws MalformedRecordException {
    if (!hex.equals(hex.toUpperCase(Locale.ROOT)) && !hex.equals(hex.toLowerCase(Locale.ROOT))) {
      throw new MalformedRecordException("the signature: SD mixes upper and lower case");
    }
    try {
      byte[] der = HexFormat.of().parseHex(hex);
      BigInteger[] values = StandardDSAEncoding.INSTANCE.decode(N, der);
      BigInteger s = values[1].compareTo(HALF_N) > 0 ? N.subtract(values[1]) : values[1];
      byte[] compact = new byte[64];
      BigIntegers.asUnsignedByteArray(values[0], compact, 0, 32);
      BigIntegers.asUnsignedByteArray(s, compact, 32, 32);
      return new ByteVector64(compact);
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle says it with many kinds of exception.
      throw new MalformedRecordException("the signature: SD is no DER signature in hex", e);
    }
  }
}
