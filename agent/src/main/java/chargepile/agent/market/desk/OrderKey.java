package chargepile.agent.market.desk;

import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;

/** The chain's name of an order: the hash of its terms. */
public record OrderKey(ByteVector32 value) {
  /**
   * Names the order in the terms of a session, 0 or more: 63 bits of the hash are enough to tell
   * the orders of one buyer and one seller apart.
   */
  public long tag() {
    return ByteBuffer.wrap(value.toByteArray()).getLong() & Long.MAX_VALUE;
  }

  /** In hexadecimal. */
  @Override
  public String toString() {
    return value.toHex();
  }
}
