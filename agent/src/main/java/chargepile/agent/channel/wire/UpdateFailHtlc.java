package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;

/** BOLT 2 {@code update_fail_htlc} (type 131). */
public record UpdateFailHtlc(ChannelId channelId, long id, ByteVector reason)
    implements ChannelMessage {}
