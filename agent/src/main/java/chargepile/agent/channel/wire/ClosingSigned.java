package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector64;

/** BOLT 2 {@code closing_signed} (type 39) with the {@code fee_range} TLV. */
public record ClosingSigned(
    ChannelId channelId,
    Satoshi fee,
    ByteVector64 signature,
    Satoshi minimumFee,
    Satoshi maximumFee)
    implements ChannelMessage {}
