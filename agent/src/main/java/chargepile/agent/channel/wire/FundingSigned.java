package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector64;

/** BOLT 2 {@code funding_signed} (type 35). */
public record FundingSigned(ChannelId channelId, ByteVector64 signature)
    implements ChannelMessage {}
