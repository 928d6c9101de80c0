package chargepile.agent.units;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;

/**
 * A channel's 32-byte id: the funding transaction's hash with the output index XORed into its last
 * two bytes (BOLT 2), or a random one before there is a funding transaction.
 */
public record ChannelId(ByteVector32 value) {
  /** The id of the channel funded by {@code funding}; the hash is in wire byte order (BOLT 2). */
  public static ChannelId of(OutPoint funding) {
    byte[] id = funding.hash.value.toByteArray();
    id[30] ^= (byte) (funding.index >>> 8);
    id[31] ^= (byte) funding.index;
    return new ChannelId(new ByteVector32(id));
  }

  @Override
  public String toString() {
    return value.toHex();
  }
}
