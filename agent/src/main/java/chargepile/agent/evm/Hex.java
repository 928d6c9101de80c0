package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;

/** Hexadecimal as the execution API writes it. */
final class Hex {
  private Hex() {}

  /** A number: 0x and no zero in front. */
  static String quantity(long value) {
    return "0x" + Long.toHexString(value);
  }

  static String quantity(BigInteger value) {
    return "0x" + value.toString(16);
  }

  /** Bytes: 0x and two digits each. */
  static String data(ByteVector bytes) {
    return "0x" + bytes.toHex();
  }
}
