package chargepile.agent.channel.wire;

import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;

/**
 * BOLT 2 {@code open_channel} (type 32), with the {@code upfront_shutdown_script} and {@code
 * channel_type} TLVs.
 */
public record OpenChannel(
    ByteVector32 chainHash,
    ChannelId temporaryChannelId,
    Satoshi fundingSatoshis,
    Amount pushMsat,
    Satoshi dustLimit,
    Amount maxHtlcValueInFlight,
    Satoshi channelReserve,
    Amount htlcMinimum,
    Feerate feerate,
    int toSelfDelay,
    int maxAcceptedHtlcs,
    PublicKey fundingPubkey,
    PublicKey revocationBasepoint,
    PublicKey paymentBasepoint,
    PublicKey delayedPaymentBasepoint,
    PublicKey htlcBasepoint,
    PublicKey firstPerCommitmentPoint,
    byte channelFlags,
    ByteVector upfrontShutdownScript,
    ByteVector channelType)
    implements ChannelMessage {}
