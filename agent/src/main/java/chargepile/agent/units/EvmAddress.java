package chargepile.agent.units;

import fr.acinq.bitcoin.ByteVector;

/** An account or a contract on an EVM chain: 20 bytes. */
public record EvmAddress(ByteVector value) {
  public EvmAddress {
    if (value.size() != 20) {
      throw new IllegalArgumentException("an address has 20 bytes, not " + value.size());
    }
  }

  /**
   * Reads 40 hexadecimal digits of either case behind {@code 0x}; the checksum of EIP-55 is not.
   */
  public static EvmAddress of(String text) {
    if (!text.startsWith("0x")) {
      throw new IllegalArgumentException("an address starts with 0x: " + text);
    }
    return new EvmAddress(new ByteVector(text.substring(2)));
  }

  /** In lower case. */
  @Override
  public String toString() {
    return "0x" + value.toHex();
  }
}
