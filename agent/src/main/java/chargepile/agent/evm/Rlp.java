package chargepile.agent.evm;

import java.math.BigInteger;
import java.util.Arrays;

/** What RLP says about integers (Ethereum's yellow paper, appendix B). */
final class Rlp {
  private Rlp() {}

  /** Big-endian without zeros in front; zero is empty. */
  static byte[] number(BigInteger value) {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("RLP has no number below zero: " + value);
    }
    byte[] bytes = value.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
