package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;

/** BOLT 1 {@code warning} (type 1). */
public record Warning(ChannelId channelId, String text) implements ChannelMessage {}
