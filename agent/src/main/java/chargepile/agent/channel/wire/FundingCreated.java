package chargepile.agent.channel.wire;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.TxId;

/** BOLT 2 {@code funding_created} (type 34). */
public record FundingCreated(
    ChannelId temporaryChannelId, TxId fundingTxid, int fundingOutputIndex, ByteVector64 signature)
    implements ChannelMessage {}
