package chargepile.agent.channel.wire;

import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;

/**
 * BOLT 2 {@code accept_channel} (type 33), with the {@code upfront_shutdown_script} and {@code
 * channel_type} TLVs.
 */
public record AcceptChannel(
    ChannelId temporaryChannelId,
    Satoshi dustLimit,
    Amount maxHtlcValueInFlight,
    Satoshi channelReserve,
    Amount htlcMinimum,
    int minimumDepth,
    int toSelfDelay,
    int maxAcceptedHtlcs,
    PublicKey fundingPubkey,
    PublicKey revocationBasepoint,
    PublicKey paymentBasepoint,
    PublicKey delayedPaymentBasepoint,
    PublicKey htlcBasepoint,
    PublicKey firstPerCommitmentPoint,
    ByteVector upfrontShutdownScript,
    ByteVector channelType)
    implements ChannelMessage {}
