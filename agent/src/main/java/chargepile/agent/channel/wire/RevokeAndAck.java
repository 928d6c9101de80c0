package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;

/** BOLT 2 {@code revoke_and_ack} (type 133). */
public record RevokeAndAck(
    ChannelId channelId, ByteVector32 perCommitmentSecret, PublicKey nextPerCommitmentPoint)
    implements ChannelMessage {}
