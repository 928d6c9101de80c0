package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector64;
import java.util.List;

/** BOLT 2 {@code commitment_signed} (type 132). */
public record CommitmentSigned(
    ChannelId channelId, ByteVector64 signature, List<ByteVector64> htlcSignatures)
    implements ChannelMessage {}
