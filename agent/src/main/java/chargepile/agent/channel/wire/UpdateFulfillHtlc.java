package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;

/** BOLT 2 {@code update_fulfill_htlc} (type 130). */
public record UpdateFulfillHtlc(ChannelId channelId, long id, ByteVector32 paymentPreimage)
    implements ChannelMessage {}
