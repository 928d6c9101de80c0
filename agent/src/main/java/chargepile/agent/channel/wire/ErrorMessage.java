package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;

/** BOLT 1 {@code error} (type 17). */
public record ErrorMessage(ChannelId channelId, String text) implements ChannelMessage {}
