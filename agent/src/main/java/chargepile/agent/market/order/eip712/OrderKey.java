package chargepile.agent.market.order.eip712;

import fr.acinq.bitcoin.ByteVector32;

/** The hash of an order's terms, by which the contract knows the order. */
public record OrderKey(ByteVector32 value) {
  /** Reads 64 hexadecimal digits, with or without {@code 0x} in front. */
  public static OrderKey of(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    if (!digits.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException("an order's key is 64 hexadecimal digits");
    }
    return new OrderKey(new ByteVector32(digits));
  }

  @Override
  public String toString() {
    return "0x" + value.toHex();
  }
}
