package chargepile.agent.session.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Session messages to and from their wire form, laid out as BOLT 1 lays out messages: a 2-byte type
 * of the custom range, fixed fields in big-endian order, and a TLV stream.
 *
 * <pre>
 *   32771 session_offer    session_id 16, tariff_id 8, import_price_per_kwh 8, export_price_per_kwh 8,
 *                          price_per_minute 8, increment_mwh 8, credit_mwh 8, directions 1,
 *                          import_register_mwh 8, export_register_mwh 8, rated_power_w 4,
 *                          TLV 1 meter_key 33
 *   32773 session_accept   session_id 16, directions 1, energy_limit_mwh 8, money_limit_msat 8,
 *                          power_limit_w 8, duration_limit_ms 8
 *   32775 session_stop     session_id 16, reason 2, text: length 2 and bytes
 *   32777 session_summary  session_id 16, reason 2, energy_mwh 8, duration_ms 8 and amount_msat 8 paid
 *                          for import and for export, import_mwh 8 and export_mwh 8 delivered,
 *                          TLV 1 receipt
 *   32789 session_paid     session_id 16, paid_msat 8, signature 65
 * </pre>
 *
 * Directions are a bit each: 1 import, 2 export. Numbers of 8 bytes are below 2^63.
 */
public final class SessionCodec {
  private static final int OFFER = 32771;
  private static final int ACCEPT = 32773;
  private static final int STOP = 32775;
  private static final int SUMMARY = 32777;
  private static final int PAID = 32789;

  private static final long METER_KEY = 1;
  private static final long RECEIPT = 1;

  private SessionCodec() {}

  /** Whether a message type is one of these. */
  public static boolean isSessionType(int type) {
    return type == OFFER || type == ACCEPT || type == STOP || type == SUMMARY || type == PAID;
  }

  /** The wire form of a message; its text is reduced to printable ASCII and cut to fit. */
  public static byte[] encode(SessionMessage message) {
    return switch (message) {
      case SessionOffer offer ->
          new SessionWriter(OFFER, offer.sessionId())
              .u64(offer.tariff().id())
              .u64(offer.tariff().importPricePerKwh().value())
              .u64(offer.tariff().exportPricePerKwh().value())
              .u64(offer.tariff().pricePerMinute().value())
              .u64(offer.increment().value())
              .u64(offer.credit().value())
              .directions(offer.directions())
              .u64(offer.importRegister().value())
              .u64(offer.exportRegister().value())
              .u32(offer.ratedPowerWatts())
              .tlv(METER_KEY, offer.meterKey().map(key -> key.value).orElse(ByteVector.empty))
              .finish();
      case SessionAccept accept ->
          new SessionWriter(ACCEPT, accept.sessionId())
              .directions(accept.directions())
              .u64(accept.limits().energy().value())
              .u64(accept.limits().money().value())
              .u64(accept.limits().powerWatts())
              .u64(accept.limits().duration().toMillis())
              .finish();
      case SessionStop stop ->
          new SessionWriter(STOP, stop.sessionId())
              .u16(stop.reason().code())
              .text(stop.text())
              .finish();
      case SessionSummary summary ->
          new SessionWriter(SUMMARY, summary.sessionId())
              .u16(summary.reason().code())
              .total(summary.paidImport())
              .total(summary.paidExport())
              .u64(summary.importDelivered().value())
              .u64(summary.exportDelivered().value())
              .tlv(RECEIPT, summary.receipt())
              .finish();
      case SessionPaid paid ->
          new SessionWriter(PAID, paid.sessionId())
              .u64(paid.paid().value())
              .fixed(paid.signature())
              .finish();
    };
  }

  /** The message in {@code bytes}, whose type is one of these. */
  public static SessionMessage decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < 2) {
      throw new MalformedMessageException(
          "message", "type", "needs 2 bytes, %d remain".formatted(bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int type = in.getShort() & 0xffff;
    return switch (type) {
      case OFFER -> offer(new SessionReader("session_offer", in));
      case ACCEPT -> accept(new SessionReader("session_accept", in));
      case STOP -> stop(new SessionReader("session_stop", in));
      case SUMMARY -> summary(new SessionReader("session_summary", in));
      case PAID -> paid(new SessionReader("session_paid", in));
      default ->
          throw new MalformedMessageException("message", "type", "no session message " + type);
    };
  }

  private static SessionOffer offer(SessionReader in) throws MalformedMessageException {
    SessionId id = in.sessionId();
    Tariff tariff =
        new Tariff(
            in.u64("tariff_id"),
            price(in, "import_price_per_kwh"),
            price(in, "export_price_per_kwh"),
            price(in, "price_per_minute"));
    long increment = in.u64("increment_mwh");
    if (increment == 0) {
      throw in.malformed("increment_mwh", "is 0");
    }
    MilliWattHours credit = in.energy("credit_mwh");
    var directions = in.directions();
    MilliWattHours importRegister = in.energy("import_register_mwh");
    MilliWattHours exportRegister = in.energy("export_register_mwh");
    long ratedPower = in.u32("rated_power_w");
    if (ratedPower == 0) {
      throw in.malformed("rated_power_w", "is 0");
    }
    Optional<PublicKey> meterKey =
        meterKey(in, in.end(Set.of(METER_KEY)).getOrDefault(METER_KEY, ByteVector.empty));
    return new SessionOffer(
        id,
        tariff,
        new MilliWattHours(increment),
        credit,
        directions,
        importRegister,
        exportRegister,
        ratedPower,
        meterKey);
  }

  private static Optional<PublicKey> meterKey(SessionReader in, ByteVector bytes)
      throws MalformedMessageException {
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    if (bytes.size() != 33) {
      throw in.malformed("meter_key", "has %d bytes, not 33".formatted(bytes.size()));
    }
    return Optional.of(new PublicKey(bytes));
  }

  private static Amount price(SessionReader in, String field) throws MalformedMessageException {
    Amount price = in.amount(field);
    if (price.compareTo(Tariff.HIGHEST_PRICE) > 0) {
      throw in.malformed(
          field, "%d is above %d".formatted(price.value(), Tariff.HIGHEST_PRICE.value()));
    }
    return price;
  }

  private static SessionAccept accept(SessionReader in) throws MalformedMessageException {
    SessionId id = in.sessionId();
    var directions = in.directions();
    MilliWattHours energy = in.energy("energy_limit_mwh");
    Amount money = in.amount("money_limit_msat");
    long power = in.u64("power_limit_w");
    if (power == 0) {
      throw in.malformed("power_limit_w", "is 0");
    }
    Duration duration = Duration.ofMillis(in.u64("duration_limit_ms"));
    in.end();
    return new SessionAccept(id, directions, new Limits(energy, money, power, duration));
  }

  private static SessionStop stop(SessionReader in) throws MalformedMessageException {
    SessionStop stop = new SessionStop(in.sessionId(), reason(in), in.text("text"));
    in.end();
    return stop;
  }

  private static SessionSummary summary(SessionReader in) throws MalformedMessageException {
    return new SessionSummary(
        in.sessionId(),
        reason(in),
        total(in, "import"),
        total(in, "export"),
        in.energy("import_mwh"),
        in.energy("export_mwh"),
        in.end(Set.of(RECEIPT)).getOrDefault(RECEIPT, ByteVector.empty));
  }

  private static SessionPaid paid(SessionReader in) throws MalformedMessageException {
    SessionPaid paid =
        new SessionPaid(
            in.sessionId(),
            in.amount("paid_msat"),
            in.fixed("signature", SessionPaid.SIGNATURE_BYTES));
    in.end();
    return paid;
  }

  private static StopReason reason(SessionReader in) throws MalformedMessageException {
    return StopReason.of(in.u16("reason"));
  }

  private static SessionTotals.Total total(SessionReader in, String direction)
      throws MalformedMessageException {
    return new SessionTotals.Total(
        in.energy(direction + " energy_mwh"),
        in.u64(direction + " duration_ms"),
        in.amount(direction + " amount_msat"));
  }
}
