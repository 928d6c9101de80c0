package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.PublicKey;

/** BOLT 2 {@code channel_ready} (type 36). */
public record ChannelReady(ChannelId channelId, PublicKey secondPerCommitmentPoint)
    implements ChannelMessage {}
