package chargepile.agent.channel.wire;

import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/** BOLT 2 {@code update_add_htlc} (type 128). */
public record UpdateAddHtlc(
    ChannelId channelId,
    long id,
    Amount amount,
    ByteVector32 paymentHash,
    long cltvExpiry,
    ByteVector onionRoutingPacket)
    implements ChannelMessage {
  /** An onion packet (BOLT 4). */
  public static final int ONION_BYTES = 1366;
}
