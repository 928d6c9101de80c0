package chargepile.agent.channel.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.TxHash;
import fr.acinq.bitcoin.TxId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bytes to records: one method a message, its fields in the order of BOLT 1 and BOLT 2. */
final class MessageDecoder {
  private final WireReader in;

  private MessageDecoder(WireReader in) {
    this.in = in;
  }

  /** Reads the payload and the extension of a message of {@code type}. */
  static ChannelMessage decode(MessageType type, ByteBuffer bytes)
      throws MalformedMessageException {
    return new MessageDecoder(new WireReader(type.wireName, bytes)).message(type);
  }

  private ChannelMessage message(MessageType type) throws MalformedMessageException {
    return switch (type) {
      case WARNING -> end(new Warning(channelId(), in.text("data")));
      case ERROR -> end(new ErrorMessage(channelId(), in.text("data")));
      case OPEN_CHANNEL -> openChannel();
      case ACCEPT_CHANNEL -> acceptChannel();
      case FUNDING_CREATED -> end(fundingCreated());
      case FUNDING_SIGNED -> end(new FundingSigned(channelId(), in.signature("signature")));
      case CHANNEL_READY ->
          end(new ChannelReady(channelId(), in.point("second_per_commitment_point")));
      case SHUTDOWN -> end(new Shutdown(channelId(), in.block("scriptpubkey")));
      case CLOSING_SIGNED -> closingSigned();
      case UPDATE_ADD_HTLC -> end(updateAddHtlc());
      case UPDATE_FULFILL_HTLC ->
          end(new UpdateFulfillHtlc(channelId(), htlcId(), in.bytes32("payment_preimage")));
      case UPDATE_FAIL_HTLC -> end(new UpdateFailHtlc(channelId(), htlcId(), in.block("reason")));
      case COMMITMENT_SIGNED -> end(commitmentSigned());
      case REVOKE_AND_ACK ->
          end(
              new RevokeAndAck(
                  channelId(),
                  in.bytes32("per_commitment_secret"),
                  in.point("next_per_commitment_point")));
      case UPDATE_FEE -> end(new UpdateFee(channelId(), feerate()));
      case CHANNEL_REESTABLISH -> end(channelReestablish());
      case ENERGY_UPDATE -> energyUpdate();
    };
  }

  /** Checks the extension of a message that defines no records of its own. */
  private ChannelMessage end(ChannelMessage message) throws MalformedMessageException {
    in.tlvs(Set.of());
    return message;
  }

  private ChannelId channelId() throws MalformedMessageException {
    return in.channelId("channel_id");
  }

  private long htlcId() throws MalformedMessageException {
    return in.u64("id", Long.MAX_VALUE);
  }

  private Feerate feerate() throws MalformedMessageException {
    return new Feerate(in.u32("feerate_per_kw"));
  }

  private OpenChannel openChannel() throws MalformedMessageException {
    ByteVector32 chainHash = in.bytes32("chain_hash");
    ChannelId temporaryChannelId = in.channelId("temporary_channel_id");
    Satoshi funding = in.satoshi("funding_satoshis");
    Amount push = in.millisatoshi("push_msat");
    Satoshi dustLimit = in.satoshi("dust_limit_satoshis");
    Amount maxInFlight = in.bound("max_htlc_value_in_flight_msat");
    Satoshi reserve = in.satoshi("channel_reserve_satoshis");
    Amount htlcMinimum = in.bound("htlc_minimum_msat");
    Feerate feerate = feerate();
    int toSelfDelay = in.u16("to_self_delay");
    int maxAcceptedHtlcs = in.u16("max_accepted_htlcs");
    PublicKey fundingPubkey = in.point("funding_pubkey");
    PublicKey revocation = in.point("revocation_basepoint");
    PublicKey payment = in.point("payment_basepoint");
    PublicKey delayedPayment = in.point("delayed_payment_basepoint");
    PublicKey htlc = in.point("htlc_basepoint");
    PublicKey firstPoint = in.point("first_per_commitment_point");
    byte flags = in.u8("channel_flags");
    Map<Long, ByteVector> tlvs = channelTlvs();
    return new OpenChannel(
        chainHash,
        temporaryChannelId,
        funding,
        push,
        dustLimit,
        maxInFlight,
        reserve,
        htlcMinimum,
        feerate,
        toSelfDelay,
        maxAcceptedHtlcs,
        fundingPubkey,
        revocation,
        payment,
        delayedPayment,
        htlc,
        firstPoint,
        flags,
        orEmpty(tlvs, MessageCodec.UPFRONT_SHUTDOWN_SCRIPT),
        orEmpty(tlvs, MessageCodec.CHANNEL_TYPE));
  }

  private AcceptChannel acceptChannel() throws MalformedMessageException {
    ChannelId temporaryChannelId = in.channelId("temporary_channel_id");
    Satoshi dustLimit = in.satoshi("dust_limit_satoshis");
    Amount maxInFlight = in.bound("max_htlc_value_in_flight_msat");
    Satoshi reserve = in.satoshi("channel_reserve_satoshis");
    Amount htlcMinimum = in.bound("htlc_minimum_msat");
    long minimumDepth = in.atMost("minimum_depth", in.u32("minimum_depth"), Integer.MAX_VALUE);
    int toSelfDelay = in.u16("to_self_delay");
    int maxAcceptedHtlcs = in.u16("max_accepted_htlcs");
    PublicKey fundingPubkey = in.point("funding_pubkey");
    PublicKey revocation = in.point("revocation_basepoint");
    PublicKey payment = in.point("payment_basepoint");
    PublicKey delayedPayment = in.point("delayed_payment_basepoint");
    PublicKey htlc = in.point("htlc_basepoint");
    PublicKey firstPoint = in.point("first_per_commitment_point");
    Map<Long, ByteVector> tlvs = channelTlvs();
    return new AcceptChannel(
        temporaryChannelId,
        dustLimit,
        maxInFlight,
        reserve,
        htlcMinimum,
        (int) minimumDepth,
        toSelfDelay,
        maxAcceptedHtlcs,
        fundingPubkey,
        revocation,
        payment,
        delayedPayment,
        htlc,
        firstPoint,
        orEmpty(tlvs, MessageCodec.UPFRONT_SHUTDOWN_SCRIPT),
        orEmpty(tlvs, MessageCodec.CHANNEL_TYPE));
  }

  private Map<Long, ByteVector> channelTlvs() throws MalformedMessageException {
    return in.tlvs(Set.of(MessageCodec.UPFRONT_SHUTDOWN_SCRIPT, MessageCodec.CHANNEL_TYPE));
  }

  private FundingCreated fundingCreated() throws MalformedMessageException {
    return new FundingCreated(
        in.channelId("temporary_channel_id"),
        new TxId(new TxHash(in.bytes32("funding_txid"))),
        in.u16("funding_output_index"),
        in.signature("signature"));
  }

  private ClosingSigned closingSigned() throws MalformedMessageException {
    ChannelId channelId = channelId();
    Satoshi fee = in.satoshi("fee_satoshis");
    ByteVector64 signature = in.signature("signature");
    ByteVector range = in.tlvs(Set.of(MessageCodec.FEE_RANGE)).get(MessageCodec.FEE_RANGE);
    if (range == null) {
      throw in.malformed("fee_range", "is missing; it says which fees the peer would accept");
    }
    if (range.size() != 16) {
      throw in.malformed("fee_range", "has %d bytes, not 16".formatted(range.size()));
    }
    WireReader bounds = new WireReader("closing_signed", ByteBuffer.wrap(range.toByteArray()));
    return new ClosingSigned(
        channelId,
        fee,
        signature,
        bounds.satoshi("min_fee_satoshis"),
        bounds.satoshi("max_fee_satoshis"));
  }

  private UpdateAddHtlc updateAddHtlc() throws MalformedMessageException {
    return new UpdateAddHtlc(
        channelId(),
        htlcId(),
        in.millisatoshi("amount_msat"),
        in.bytes32("payment_hash"),
        in.u32("cltv_expiry"),
        in.bytes("onion_routing_packet", UpdateAddHtlc.ONION_BYTES));
  }

  private CommitmentSigned commitmentSigned() throws MalformedMessageException {
    ChannelId channelId = channelId();
    ByteVector64 signature = in.signature("signature");
    int count = in.u16("num_htlcs");
    in.atMost("num_htlcs", count, WireLimits.HTLC_SIGNATURES);
    List<ByteVector64> htlcSignatures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      htlcSignatures.add(in.signature("htlc_signature"));
    }
    return new CommitmentSigned(channelId, signature, List.copyOf(htlcSignatures));
  }

  private ChannelReestablish channelReestablish() throws MalformedMessageException {
    return new ChannelReestablish(
        channelId(),
        in.u64("next_commitment_number", WireLimits.COMMITMENT_NUMBER),
        in.u64("next_revocation_number", WireLimits.COMMITMENT_NUMBER),
        in.bytes32("your_last_per_commitment_secret"),
        in.point("my_current_per_commitment_point"));
  }

  private EnergyUpdate energyUpdate() throws MalformedMessageException {
    ChannelId channelId = channelId();
    SessionId sessionId = new SessionId(in.bytes("session_id", 16));
    byte way = in.u8("direction");
    Direction direction =
        switch (way) {
          case 0 -> Direction.IMPORT;
          case 1 -> Direction.EXPORT;
          default ->
              throw in.malformed("direction", "is 0 (import) or 1 (export), not " + (way & 0xff));
        };
    MilliWattHours energy = new MilliWattHours(in.u64("energy_mwh", Long.MAX_VALUE));
    long duration = in.u64("duration_ms", Long.MAX_VALUE);
    Amount amount = in.millisatoshi("amount_msat");
    long tariffId = in.u64("tariff_id", Long.MAX_VALUE);
    Map<Long, ByteVector> tlvs = in.tlvs(Set.of(MessageCodec.METER_RECORD));
    return new EnergyUpdate(
        channelId,
        sessionId,
        direction,
        energy,
        duration,
        amount,
        tariffId,
        orEmpty(tlvs, MessageCodec.METER_RECORD));
  }

  private static ByteVector orEmpty(Map<Long, ByteVector> tlvs, long type) {
    return tlvs.getOrDefault(type, ByteVector.empty);
  }
}
