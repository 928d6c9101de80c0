package chargepile.agent.session.driver;

import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.ocmf.MalformedRecordException;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.ObisCode;
import chargepile.agent.ocmf.Pagination;
import chargepile.agent.ocmf.Payload;
import chargepile.agent.ocmf.Transaction;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what the pile's meter signed is the key's of the agreed terms, follows what it signed
 * before, and says what the pile says.
 *
 * @param before the last record of the session; empty before the first
 * @param tolerance energy that may have flowed past a bound of a claim
 */
record RecordReview(
    SessionOffer offer, Signer verifier, ByteVector before, MilliWattHours tolerance) {
  private static final char BETWEEN = '\n';

  /**
   * What is wrong with a claim's record; empty when nothing is, or the meter signs none. A claim
   * may run ahead of the meter by what the terms have paid in advance, and stay behind it only to
   * this side's gain.
   */
  Optional<String> objection(EnergyClaim claim) {
    if (offer.meterKey().isEmpty()) {
      return Optional.empty();
    }
    try {
      MeterRecord record = MeterRecord.parse(text(claim.meterRecord()));
      Transaction metered = checked(record, offer.meterKey().get(), claim.direction());
      requireNext(record.payload().page(), page(before));
      requireNotBackwards(record, metered);
      requireMetered(claim, metered.energy());
      return Optional.empty();
    } catch (MalformedRecordException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** What is wrong with the records of the whole session, likewise. */
  Optional<String> objection(SessionSummary summary) {
    if (offer.meterKey().isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Pagination> last = page(before);
      Set<Direction> told = EnumSet.noneOf(Direction.class);
      for (String line : text(summary.receipt()).split(String.valueOf(BETWEEN), -1)) {
        MeterRecord record = MeterRecord.parse(line);
        Direction direction =
            isOf(record.payload(), Direction.EXPORT) ? Direction.EXPORT : Direction.IMPORT;
        Transaction metered = checked(record, offer.meterKey().get(), direction);
        requireNext(record.payload().page(), last);
        last = Optional.of(record.payload().page());
        require(metered.isOver(), "the receipt does not say that the session is over");
        require(told.add(direction), "the receipt says the same direction twice");
        require(
            metered.energy().equals(summary.delivered(direction)),
            "the receipt says %d mWh, the summary %d mWh"
                .formatted(metered.energy().value(), summary.delivered(direction).value()));
      }
      for (Direction direction : Direction.values()) {
        require(
            told.contains(direction) || summary.delivered(direction).value() == 0,
            "the receipt leaves out the energy of direction " + direction);
      }
      return Optional.empty();
    } catch (MalformedRecordException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Transaction checked(MeterRecord record, PublicKey key, Direction direction)
      throws MalformedRecordException {
    require(record.isSignedBy(key, verifier), "it is not signed by the meter of the terms");
    require(
        record
            .payload()
            .user()
            .flatMap(Payload.User::id)
            .equals(Optional.of(offer.sessionId().toString())),
        "it is of another session");
    require(isOf(record.payload(), direction), "it is not of direction " + direction);
    Transaction metered = Transaction.of(record.payload());
    require(
        metered.begin().energy().equals(offer.register(direction)),
        "it begins at %d mWh, the terms at %d mWh"
            .formatted(metered.begin().energy().value(), offer.register(direction).value()));
    require(
        metered.end().energy().compareTo(metered.begin().energy()) >= 0,
        "its register ran backwards");
    require(!metered.end().errors().energy(), "it says that its energy can't be billed");
    return metered;
  }

  private static boolean isOf(Payload payload, Direction direction) {
    ObisCode quantity = ObisCode.total(direction);
    return payload.readings().stream().allMatch(reading -> reading.quantity().equals(quantity));
  }

  private static void requireNext(Pagination page, Optional<Pagination> last)
      throws MalformedRecordException {
    require(
        last.isEmpty() || page.follows(last.get()),
        "its number is %s, the one before was %s"
            .formatted(page, last.map(Object::toString).orElse("none")));
  }

  private void requireNotBackwards(MeterRecord record, Transaction metered)
      throws MalformedRecordException {
    if (before.isEmpty()) {
      return;
    }
    Payload last = MeterRecord.parse(text(before)).payload();
    if (last.readings().getLast().quantity().equals(metered.end().quantity())) {
      MilliWattHours shown = last.readings().getLast().energy();
      require(
          metered.end().energy().compareTo(shown) >= 0,
          "its register shows %d mWh in %s after %d mWh"
              .formatted(metered.end().energy().value(), record.payload().page(), shown.value()));
    }
  }

  private void requireMetered(EnergyClaim claim, MilliWattHours metered)
      throws MalformedRecordException {
    switch (claim.direction()) {
      case IMPORT -> {
        MilliWattHours ahead = new Exposure(offer.increment(), offer.credit()).advance();
        require(
            claim.energy().minusOrZero(ahead).compareTo(metered) <= 0,
            "it says %d mWh, claimed are %d mWh"
                .formatted(metered.value(), claim.energy().value()));
      }
      case EXPORT ->
          require(
              metered.minusOrZero(tolerance).compareTo(claim.energy()) <= 0,
              "it says %d mWh, paid are only %d mWh"
                  .formatted(metered.value(), claim.energy().value()));
    }
  }

  private static Optional<Pagination> page(ByteVector record) throws MalformedRecordException {
    return record.isEmpty()
        ? Optional.empty()
        : Optional.of(MeterRecord.parse(text(record)).payload().page());
  }

  private static void require(boolean holds, String otherwise) throws MalformedRecordException {
    if (!holds) {
      throw new MalformedRecordException(otherwise);
    }
  }

  private static String text(ByteVector record) throws MalformedRecordException {
    require(!record.isEmpty(), "there is none");
    return new String(record.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
