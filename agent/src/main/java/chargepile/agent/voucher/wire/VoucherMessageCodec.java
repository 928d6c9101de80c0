package chargepile.agent.voucher.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.LockDone;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPaid;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
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
 *                                 TLV 1 sent, TLV 3 received: a proof each,
 *                                 TLV 5 sent_lock, TLV 7 received_lock: a lock each
 *   32809 voucher_request         channel_id 32, session_id 16, direction 1, energy_mwh 8,
 *                                 duration_ms 8, amount 8, tariff_id 8,
 *                                 TLV 1 meter_record, TLV 3 paid: a proof, TLV 5 lock: a proof
 *   32811 voucher                 channel_id 32, a proof, TLV 1 lock: a proof
 *   32813 voucher_shutdown        channel_id 32, refusal: length 2 and bytes
 *   32815 voucher_closing_signed  channel_id 32, payout_a 8, payout_b 8, deadline 8, signature 65
 *   32817 voucher_error           text: length 2 and bytes, TLV 1 channel_id
 *   32819 voucher_lock            channel_id 32, a lock, TLV 1 onion: at most 1366 bytes
 *   32821 voucher_lock_preimage   channel_id 32, lock_id 8, preimage 32
 *   32823 voucher_lock_paid       channel_id 32, lock_id 8, a proof
 *   32825 voucher_lock_failed     channel_id 32, lock_id 8, TLV 1 reason: at most 1024 bytes
 *   32827 voucher_lock_done       channel_id 32, lock_id 8
 *
 *   a proof                       cumulative 8, seq 8, evidence 32, signature 65
 *   a lock                        lock_id 8, amount 8, hashlock 32, expiry 8, a proof
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
  static final int LOCK = 32819;
  static final int LOCK_PREIMAGE = 32821;
  static final int LOCK_PAID = 32823;
  static final int LOCK_FAILED = 32825;
  static final int LOCK_DONE = 32827;

  /** What a lock may bear for its payee: a packet of BOLT 4. */
  public static final int ONION_BYTES = 1366;

  /** What may be said of why a lock is not wanted. */
  public static final int REASON_BYTES = 1024;

  private static final long SENT = 1;
  private static final long RECEIVED = 3;
  private static final long SENT_LOCK = 5;
  private static final long RECEIVED_LOCK = 7;
  private static final long METER_RECORD = 1;
  private static final long PAID = 3;
  private static final long REQUEST_LOCK = 5;
  private static final long GIVEN_LOCK = 1;
  private static final long ONION = 1;
  private static final long REASON = 1;
  private static final long CHANNEL_ID = 1;

  private VoucherMessageCodec() {}

  /** Whether a message type is one of these. */
  public static boolean isVoucherType(int type) {
    return type >= OPEN && type <= LOCK_DONE && type % 2 == 1;
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
              .tlv(SENT_LOCK, again.sentLock().map(WireWriter::lock))
              .tlv(RECEIVED_LOCK, again.receivedLock().map(WireWriter::lock))
              .finish();
      case VoucherRequest request -> request(request);
      case VoucherGiven given ->
          new WireWriter(VOUCHER)
              .channel(given.channelId())
              .fixed(WireWriter.proof(given.proof()))
              .tlv(GIVEN_LOCK, given.lock().map(WireWriter::proof))
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
      case LockOffer offer ->
          new WireWriter(LOCK)
              .channel(offer.channelId())
              .fixed(WireWriter.lock(offer.lock()))
              .tlv(ONION, given(offer.onion()))
              .finish();
      case LockPreimage said ->
          new WireWriter(LOCK_PREIMAGE)
              .channel(said.channelId())
              .u64(said.lockId())
              .fixed(said.preimage())
              .finish();
      case LockPaid paid ->
          new WireWriter(LOCK_PAID)
              .channel(paid.channelId())
              .u64(paid.lockId())
              .fixed(WireWriter.proof(paid.proof()))
              .finish();
      case LockFailed failed ->
          new WireWriter(LOCK_FAILED)
              .channel(failed.channelId())
              .u64(failed.lockId())
              .tlv(REASON, given(failed.reason()))
              .finish();
      case LockDone done ->
          new WireWriter(LOCK_DONE).channel(done.channelId()).u64(done.lockId()).finish();
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
        .tlv(METER_RECORD, given(claim.meterRecord()))
        .tlv(PAID, request.paid().map(WireWriter::proof))
        .tlv(REQUEST_LOCK, request.lock().map(WireWriter::proof))
        .finish();
  }

  private static Optional<ByteVector> given(ByteVector bytes) {
    return Optional.of(bytes).filter(some -> !some.isEmpty());
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
      case LOCK -> lock(new WireReader("voucher_lock", buffer));
      case LOCK_PREIMAGE -> preimage(new WireReader("voucher_lock_preimage", buffer));
      case LOCK_PAID -> paid(new WireReader("voucher_lock_paid", buffer));
      case LOCK_FAILED -> failed(new WireReader("voucher_lock_failed", buffer));
      case LOCK_DONE -> done(new WireReader("voucher_lock_done", buffer));
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
    Map<Long, ByteVector> records = in.end(Set.of(SENT, RECEIVED, SENT_LOCK, RECEIVED_LOCK));
    return new VoucherReestablish(
        id,
        a,
        b,
        openNonce,
        challengePeriod,
        in.proof("sent", records.get(SENT)),
        in.proof("received", records.get(RECEIVED)),
        in.lock("sent_lock", records.get(SENT_LOCK)),
        in.lock("received_lock", records.get(RECEIVED_LOCK)));
  }

  private static VoucherMessage request(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    var session = in.session("session_id");
    var direction = in.direction("direction");
    var energy = in.energy("energy_mwh");
    long duration = in.u64("duration_ms");
    var amount = in.amount("amount");
    long tariff = in.u64("tariff_id");
    Map<Long, ByteVector> records = in.end(Set.of(METER_RECORD, PAID, REQUEST_LOCK));
    ByteVector meterRecord = records.getOrDefault(METER_RECORD, ByteVector.empty);
    return new VoucherRequest(
        id,
        new EnergyClaim(session, direction, energy, duration, amount, tariff, meterRecord),
        in.proof("paid", records.get(PAID)),
        in.proof("lock", records.get(REQUEST_LOCK)));
  }

  private static VoucherMessage voucher(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    var proof = in.proof("proof");
    return new VoucherGiven(
        id, proof, in.proof("lock", in.end(Set.of(GIVEN_LOCK)).get(GIVEN_LOCK)));
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

  private static VoucherMessage lock(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    var lock = in.lock("lock");
    ByteVector onion = in.bytes("onion", in.end(Set.of(ONION)).get(ONION), ONION_BYTES);
    return new LockOffer(id, lock, onion);
  }

  private static VoucherMessage preimage(WireReader in) throws MalformedMessageException {
    var message =
        new LockPreimage(in.channel("channel_id"), in.lockId("lock_id"), in.bytes32("preimage"));
    in.end();
    return message;
  }

  private static VoucherMessage paid(WireReader in) throws MalformedMessageException {
    var message = new LockPaid(in.channel("channel_id"), in.lockId("lock_id"), in.proof("proof"));
    in.end();
    return message;
  }

  private static VoucherMessage failed(WireReader in) throws MalformedMessageException {
    var id = in.channel("channel_id");
    long lock = in.lockId("lock_id");
    ByteVector reason = in.bytes("reason", in.end(Set.of(REASON)).get(REASON), REASON_BYTES);
    return new LockFailed(id, lock, reason);
  }

  private static VoucherMessage done(WireReader in) throws MalformedMessageException {
    var message = new LockDone(in.channel("channel_id"), in.lockId("lock_id"));
    in.end();
    return message;
  }
}
