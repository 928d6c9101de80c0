package chargepile.agent.channel.wire;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.TxHash;
import java.nio.ByteBuffer;

/** Records to bytes: one method a message, its fields in the order of BOLT 1 and BOLT 2. */
final class MessageEncoder {
  private MessageEncoder() {}

  static byte[] encode(ChannelMessage message) {
    return fields(new WireWriter(MessageType.of(message)), message).finish();
  }

  private static WireWriter fields(WireWriter out, ChannelMessage message) {
    return switch (message) {
      case Warning m -> out.channelId(m.channelId()).text("data", m.text());
      case ErrorMessage m -> out.channelId(m.channelId()).text("data", m.text());
      case OpenChannel m -> openChannel(out, m);
      case AcceptChannel m -> acceptChannel(out, m);
      case FundingCreated m ->
          out.channelId(m.temporaryChannelId())
              .bytes(new TxHash(m.fundingTxid()).value)
              .u16("funding_output_index", m.fundingOutputIndex())
              .bytes(m.signature());
      case FundingSigned m -> out.channelId(m.channelId()).bytes(m.signature());
      case ChannelReady m ->
          out.channelId(m.channelId())
              .point("second_per_commitment_point", m.secondPerCommitmentPoint());
      case Shutdown m -> out.channelId(m.channelId()).block("scriptpubkey", m.scriptPubkey());
      case ClosingSigned m -> closingSigned(out, m);
      case UpdateAddHtlc m -> updateAddHtlc(out, m);
      case UpdateFulfillHtlc m ->
          out.channelId(m.channelId()).u64("id", m.id(), Long.MAX_VALUE).bytes(m.paymentPreimage());
      case UpdateFailHtlc m ->
          out.channelId(m.channelId())
              .u64("id", m.id(), Long.MAX_VALUE)
              .block("reason", m.reason());
      case CommitmentSigned m -> commitmentSigned(out, m);
      case RevokeAndAck m ->
          out.channelId(m.channelId())
              .bytes(m.perCommitmentSecret())
              .point("next_per_commitment_point", m.nextPerCommitmentPoint());
      case UpdateFee m ->
          out.channelId(m.channelId()).u32("feerate_per_kw", m.feerate().satoshiPerKw());
      case ChannelReestablish m -> channelReestablish(out, m);
      case EnergyUpdate m -> energyUpdate(out, m);
    };
  }

  private static WireWriter openChannel(WireWriter out, OpenChannel m) {
    return out.bytes(m.chainHash())
        .channelId(m.temporaryChannelId())
        .satoshi("funding_satoshis", m.fundingSatoshis())
        .millisatoshi("push_msat", m.pushMsat())
        .satoshi("dust_limit_satoshis", m.dustLimit())
        .bound(m.maxHtlcValueInFlight())
        .satoshi("channel_reserve_satoshis", m.channelReserve())
        .bound(m.htlcMinimum())
        .u32("feerate_per_kw", m.feerate().satoshiPerKw())
        .u16("to_self_delay", m.toSelfDelay())
        .u16("max_accepted_htlcs", m.maxAcceptedHtlcs())
        .point("funding_pubkey", m.fundingPubkey())
        .point("revocation_basepoint", m.revocationBasepoint())
        .point("payment_basepoint", m.paymentBasepoint())
        .point("delayed_payment_basepoint", m.delayedPaymentBasepoint())
        .point("htlc_basepoint", m.htlcBasepoint())
        .point("first_per_commitment_point", m.firstPerCommitmentPoint())
        .u8(m.channelFlags())
        .tlv(MessageCodec.UPFRONT_SHUTDOWN_SCRIPT, m.upfrontShutdownScript())
        .tlv(MessageCodec.CHANNEL_TYPE, m.channelType());
  }

  private static WireWriter acceptChannel(WireWriter out, AcceptChannel m) {
    return out.channelId(m.temporaryChannelId())
        .satoshi("dust_limit_satoshis", m.dustLimit())
        .bound(m.maxHtlcValueInFlight())
        .satoshi("channel_reserve_satoshis", m.channelReserve())
        .bound(m.htlcMinimum())
        .u32("minimum_depth", m.minimumDepth())
        .u16("to_self_delay", m.toSelfDelay())
        .u16("max_accepted_htlcs", m.maxAcceptedHtlcs())
        .point("funding_pubkey", m.fundingPubkey())
        .point("revocation_basepoint", m.revocationBasepoint())
        .point("payment_basepoint", m.paymentBasepoint())
        .point("delayed_payment_basepoint", m.delayedPaymentBasepoint())
        .point("htlc_basepoint", m.htlcBasepoint())
        .point("first_per_commitment_point", m.firstPerCommitmentPoint())
        .tlv(MessageCodec.UPFRONT_SHUTDOWN_SCRIPT, m.upfrontShutdownScript())
        .tlv(MessageCodec.CHANNEL_TYPE, m.channelType());
  }

  private static WireWriter closingSigned(WireWriter out, ClosingSigned m) {
    byte[] feeRange =
        ByteBuffer.allocate(16)
            .putLong(m.minimumFee().value())
            .putLong(m.maximumFee().value())
            .array();
    return out.channelId(m.channelId())
        .satoshi("fee_satoshis", m.fee())
        .bytes(m.signature())
        .tlv(MessageCodec.FEE_RANGE, new ByteVector(feeRange));
  }

  private static WireWriter updateAddHtlc(WireWriter out, UpdateAddHtlc m) {
    return out.channelId(m.channelId())
        .u64("id", m.id(), Long.MAX_VALUE)
        .millisatoshi("amount_msat", m.amount())
        .bytes(m.paymentHash())
        .u32("cltv_expiry", m.cltvExpiry())
        .exactly("onion_routing_packet", UpdateAddHtlc.ONION_BYTES, m.onionRoutingPacket());
  }

  private static WireWriter commitmentSigned(WireWriter out, CommitmentSigned m) {
    out.channelId(m.channelId())
        .bytes(m.signature())
        .count("num_htlcs", m.htlcSignatures().size(), WireLimits.HTLC_SIGNATURES);
    for (ByteVector64 signature : m.htlcSignatures()) {
      out.bytes(signature);
    }
    return out;
  }

  private static WireWriter channelReestablish(WireWriter out, ChannelReestablish m) {
    return out.channelId(m.channelId())
        .u64("next_commitment_number", m.nextCommitmentNumber(), WireLimits.COMMITMENT_NUMBER)
        .u64("next_revocation_number", m.nextRevocationNumber(), WireLimits.COMMITMENT_NUMBER)
        .bytes(m.yourLastPerCommitmentSecret())
        .point("my_current_per_commitment_point", m.myCurrentPerCommitmentPoint());
  }

  private static WireWriter energyUpdate(WireWriter out, EnergyUpdate m) {
    int direction =
        switch (m.direction()) {
          case IMPORT -> 0;
          case EXPORT -> 1;
        };
    return out.channelId(m.channelId())
        .bytes(m.sessionId().value())
        .u8(direction)
        .u64("energy_mwh", m.energy().value(), Long.MAX_VALUE)
        .u64("duration_ms", m.duration(), Long.MAX_VALUE)
        .millisatoshi("amount_msat", m.amount())
        .u64("tariff_id", m.tariffId(), Long.MAX_VALUE)
        .tlv(MessageCodec.METER_RECORD, m.meterRecord());
  }
}
