package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;

/** BOLT 2 {@code update_fee} (type 134). */
public record UpdateFee(ChannelId channelId, Feerate feerate) implements ChannelMessage {}
