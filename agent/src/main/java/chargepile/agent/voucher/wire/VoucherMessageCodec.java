package chargepile.agent.voucher.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherClosingSigned;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherShutdown;
import fr.acinq.bitcoin.ByteVector;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Messages of voucher channels to and from their wire form, laid out as BOLT 1 lays out messages: a
 * 2-byte type of the custom range, fixed fields in big-endian order, and a TLV stream.
 *
 * <pre>
 *   32801 open_voucher_channel    chain_id 8, contract 20, token 20, opener 20, open_nonce 8,
 *                                 deposit 8, challenge_period_s 8
 *   32803 accept_voucher_channel  open_nonce 8, acceptor 20
 *   32805 voucher_channel_ready   channel_id 32, deposit_a 8, deposit_b 8
 *   32807 voucher_reestablish     channel_id 32, a 20, b 20, open_nonce 8, challenge_period_s 8,
 *                                 TLV 1 sent, TLV 3 received: a proof each
 *   32809 voucher_request         channel_id 32, session_id 16, direction 1, energy_mwh 8,
 *                                 duration_ms 8, amount 8, tariff_id 8,
 *                                 TLV 1 meter_record, TLV 3 paid: a proof
 *   32811 voucher                 channel_id 32, a proof
 *   32813 voucher_shutdown        channel_id 32, refusal: length 2 and bytes
 *   32815 voucher_closing_signed  channel_id 32, payout_a 8, payout_b 8, deadline 8, signature 65
 *   32817 voucher_error           text: length 2 and bytes, TLV 1 channel_id
 *
 *   a proof                       cumulative 8, seq 8, evidence 32, signature 65
 * </pre>
 *
 * A direction is 0 for import or 1 for export; numbers of 8 bytes are below 2^63; amounts are in
 * the token's base units; a signature is r ‖ s ‖ v with a low s and v 27 or 28.
 */
public final class VoucherMessageCodec {
  static final int OPEN = 32801;
  static final int ACCEPT = 32803;
  static final int READY = 32805;
  static final int REESTABLISH = 32807;
  static final int REQUEST = 32809;
  static final int VOUCHER = 32811;
  static final int SHUTDOWN = 32813;
  static final int CLOSING_SIGNED = 32815;
  static final int ERROR = 32817;

  private static final long SENT = 1;
  private static final long RECEIVED = 3;
  private static final long METER_RECORD = 1;
  private static final long PAID = 3;
  private static final long CHANNEL_ID = 1;

  private VoucherMessageCodec() {}

  /** Whether a message type is one of these. */
  public static boolean isVoucherType(int type) {
    return type >= OPEN && type <= ERROR && type % 2 == 1;
  }

  /** The wire form of a message; its text is reduced to printable ASCII and cut to fit. */
  public static byte[] encode(VoucherMessage message) {
    return switch (message) {
      case OpenVoucherChannel open ->
          new WireWriter(OPEN)
              .u64(open.chainId())
              .address(open.contract())
              .address(open.token())
              .address(open.opener())
              .u64(open.openNonce())
              .amount(open.deposit())
              .u64(open.challengePeriod().toSeconds())
              .finish();
      case AcceptVoucherChannel accept ->
          new WireWriter(ACCEPT).u64(accept.openNonce()).address(accept.acceptor()).finish();
      case VoucherChannelReady ready ->
          new WireWriter(READY)
              .channel(ready.channelId())
              .amount(ready.depositA())
              .amount(ready.depositB())
              .finish();
      case VoucherReestablish again ->
          new WireWriter(REESTABLISH)
              .channel(again.channelId())
              .address(again.a())
              .address(again.b())
              .u64(again.openNonce())
              .u64(again.challengePeriod().toSeconds())
              .tlv(SENT, again.sent().map(WireWriter::proof))
              .tlv(RECEIVED, again.received().map(WireWriter::proof))
              .finish();
      case VoucherRequest request -> request(request);
      case VoucherGiven given ->
          new WireWriter(VOUCHER)
              .channel(given.channelId())
              .fixed(WireWriter.proof(given.proof()))
              .finish();
      case VoucherShutdown shutdown ->
          new WireWriter(SHUTDOWN).channel(shutdown.channelId()).text(shutdown.refusal()).finish();
      case VoucherClosingSigned signed ->
          new WireWriter(CLOSING_SIGNED)
              .channel(signed.channelId())
              .amount(signed.paidByA())
              .amount(signed.paidByB())
              .u64(signed.deadline())
              .fixed(signed.signature().bytes())
              .finish();
      case VoucherError error ->
          new WireWriter(ERROR)
              .text(error.text())
              .tlv(CHANNEL_ID, error.channelId().map(id -> id.value()))
              .finish();
    };
  }

  private static byte[] request(VoucherRequest request) {
    EnergyClaim claim = request.claim();
    return new WireWriter(REQUEST)
        .channel(request.channelId())
        .fixed(claim.session().value())
        .direction(claim.direction())
        .u64(claim.energy().value())
        .u64(claim.duration())
        .amount(claim.amount())
        .u64(claim.tariffId())
        .tlv(METER_RECORD, Optional.of(claim.meterRecord()).filter(record -> !record.isEmpty()))
        .tlv(PAID, request.paid().map(WireWriter::proof))
        .finish();
  }

  /** The message in {@code bytes}, whose type is one of these. */
  public static VoucherMessage decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < 2) {
      throw new MalformedMessageException(
          "message", "type", "needs 2 bytes, %d remain".formatted(bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int type = buffer.getShort() & 0xffff;
    return switch (type) {
      case OPEN -> open(new WireReader("open_voucher_channel", buffer));
      case ACCEPT -> accept(new WireReader("accept_voucher_channel", buffer));
      case READY -> ready(new WireReader("voucher_channel_ready", buffer));
      case REESTABLISH -> reestablish(new WireReader("voucher_reestablish", buffer));
      case REQUEST -> request(new WireReader("voucher_request", buffer));
      case VOUCHER -> voucher(new WireReader("voucher", buffer));
      case SHUTDOWN -> shutdown(new WireReader("voucher_shutdown", buffer));
      case CLOSING_SIGNED -> closingSigned(new WireReader("voucher_closing_signed", buffer));
      case ERROR -> error(new WireReader("voucher_error", buffer));
      default ->
          throw new MalformedMessageException("message", "type", "no voucher message " + type);
    };
  }

  private static VoucherMessage open(WireReader in) throws MalformedMessageException {
    var message =
        new OpenVoucherChannel(
            in.u64("chain_id"),
            in.address("contract"),
            in.address("token"),
            in.address("opener"),
            in.u64("open_nonce"),
            in.amount("deposit"),
            in.seconds("challenge_period_s"));
    in.end();
    return message;
  }

  private static VoucherMessage accept(WireReader in) throws MalformedMessageException {
    var message = new AcceptVoucherChannel(in.u64("open_nonce"), in.address("acceptor"));
    in.end();
    return message;
  }

  private static VoucherMessage ready(WireReader in) throws MalformedMessageException {
    var message =
        new VoucherChannelReady(
            in.channel("channel_id"), in.amount("deposit_a"), in.amount("deposit_b"));
    in.end();
    return message;
  }

  private static VoucherMessage reestablish(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    var a = in.address("a");
    var b = in.address("b");
    long openNonce = in.u64("open_nonce");
    var challengePeriod = in.seconds("challenge_period_s");
    Map<Long, ByteVector> records = in.end(Set.of(SENT, RECEIVED));
    return new VoucherReestablish(
        id,
        a,
        b,
        openNonce,
        challengePeriod,
        in.proof("sent", records.get(SENT)),
        in.proof("received", records.get(RECEIVED)));
  }

  private static VoucherMessage request(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    var session = in.session("session_id");
    var direction = in.direction("direction");
    var energy = in.energy("energy_mwh");
    long duration = in.u64("duration_ms");
    var amount = in.amount("amount");
    long tariff = in.u64("tariff_id");
    Map<Long, ByteVector> records = in.end(Set.of(METER_RECORD, PAID));
    ByteVector meterRecord = records.getOrDefault(METER_RECORD, ByteVector.empty);
    return new VoucherRequest(
        id,
        new EnergyClaim(session, direction, energy, duration, amount, tariff, meterRecord),
        in.proof("paid", records.get(PAID)));
  }

  private static VoucherMessage voucher(WireReader in) throws MalformedMessageException {
    var message = new VoucherGiven(in.channel("channel_id"), in.proof("proof"));
    in.end();
    return message;
  }

  private static VoucherMessage shutdown(WireReader in) throws MalformedMessageException {
    var message = new VoucherShutdown(in.channel("channel_id"), in.text("refusal"));
    in.end();
    return message;
  }

  private static VoucherMessage closingSigned(WireReader in) throws MalformedMessageException {
    var message =
        new VoucherClosingSigned(
            in.channel("channel_id"),
            in.amount("paid_by_a"),
            in.amount("paid_by_b"),
            in.u64("deadline"),
            in.signature("signature"));
    in.end();
    return message;
  }

  private static VoucherMessage error(WireReader in) throws MalformedMessageException {
    String text = in.text("text");
    ByteVector id = in.end(Set.of(CHANNEL_ID)).get(CHANNEL_ID);
    return new VoucherError(in.channel("channel_id", id), text);
  }
}
