package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;

/** BOLT 2 {@code channel_reestablish} (type 136). */
public record ChannelReestablish(
    ChannelId channelId,
    long nextCommitmentNumber,
    long nextRevocationNumber,
    ByteVector32 yourLastPerCommitmentSecret,
    PublicKey myCurrentPerCommitmentPoint)
    implements ChannelMessage {}
