package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;

/** BOLT 2 {@code shutdown} (type 38). */
public record Shutdown(ChannelId channelId, ByteVector scriptPubkey) implements ChannelMessage {}
