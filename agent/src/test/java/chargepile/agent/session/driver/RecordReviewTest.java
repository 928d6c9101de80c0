package chargepile.agent.session.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.ocmf.ClockStatus;
import chargepile.agent.ocmf.ErrorFlags;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.MeterSigner;
import chargepile.agent.ocmf.MeterStatus;
import chargepile.agent.ocmf.ObisCode;
import chargepile.agent.ocmf.Pagination;
import chargepile.agent.ocmf.Payload;
import chargepile.agent.ocmf.Reading;
import chargepile.agent.ocmf.ReadingReason;
import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecordReviewTest {
  private static final MeterSigner METER = RecordSamples.METER;
  private static final MeterSigner OTHER =
      new MeterSigner(new BouncyCastleSigner(), MeterKey.derive(ByteVector32.Zeroes));
  private static final SessionId SESSION = new SessionId(new ByteVector("11".repeat(16)));
  private static final long START = 5_000_000;
  private static final MeterRecord THIRD = record(3, 100_000);

  @Test
  void theNextRecordOfWhatIsClaimedIsAccepted() {
    assertAccepted(THIRD, 200_000, record(4, 200_000));
    assertAccepted(THIRD, 150_000, record(4, 200_000));
    assertAccepted(THIRD, 100_000, record(4, 100_000));
  }

  @Test
  void theFirstRecordHasAnyNumber() {
    assertEquals(
        Optional.empty(),
        review(key(), ByteVector.empty)
            .objection(claim(Direction.IMPORT, 9, bytes(record(77, 9)))));
  }

  @Test
  void aMeterThatSignsNothingIsNotAskedTo() {
    assertEquals(
        Optional.empty(),
        review(Optional.empty(), ByteVector.empty)
            .objection(claim(Direction.IMPORT, 9, ByteVector.empty)));
  }

  @Test
  void aClaimWithoutARecordIsRefused() {
    assertRefused("there is none", 200_000, ByteVector.empty);
    assertRefused("no meter record", 200_000, new ByteVector("00ff"));
  }

  @Test
  void aRecordOfAnotherKeyIsRefused() {
    MeterRecord forged = OTHER.sign(record(4, 200_000).payload());
    assertRefused("not signed by the meter of the terms", 200_000, bytes(forged));
  }

  @Test
  void everyChangedByteIsRefused() {
    byte[] original = bytes(record(4, 200_000)).toByteArray();
    for (int at = 0; at < original.length; at++) {
      byte[] changed = original.clone();
      changed[at] ^= 1;
      Optional<String> objection = objection(200_000, new ByteVector(changed));
      assertTrue(objection.isPresent(), "byte " + at);
    }
  }

  @Test
  void numbersRiseByOne() {
    for (long page : new long[] {2, 3, 5, 400}) {
      assertRefused(
          "its number is T%d, the one before was T3".formatted(page),
          200_000,
          bytes(record(page, 200_000)));
    }
  }

  @Test
  void moreThanTheMeterSaysIsNotPaid() {
    assertRefused("it says 199999 mWh, claimed are 200000 mWh", 200_000, bytes(record(4, 199_999)));
  }

  @Test
  void whatIsPaidAheadMayBeAheadOfTheMeter() {
    RecordReview prepaid = review(offer(key(), 0), bytes(THIRD));
    assertEquals(
        Optional.empty(),
        prepaid.objection(claim(Direction.IMPORT, 200_000, bytes(record(4, 100_000)))));
    assertTrue(
        prepaid.objection(claim(Direction.IMPORT, 200_001, bytes(record(4, 100_000)))).isPresent());
  }

  @Test
  void whatTheCarGaveIsPaid() {
    MeterRecord record = sign(4, SESSION, Direction.EXPORT, START, START + 200_000, false);
    RecordReview review = review(key(), bytes(THIRD));
    assertEquals(
        Optional.empty(), review.objection(claim(Direction.EXPORT, 195_000, bytes(record))));
    assertEquals(
        Optional.of("it says 200000 mWh, paid are only 194999 mWh"),
        review.objection(claim(Direction.EXPORT, 194_999, bytes(record))));
  }

  @Test
  void theRegisterNeverRunsBackwards() {
    assertRefused("its register shows", 1, bytes(record(4, 99_999)));
    assertRefused(
        "ran backwards", 1, bytes(sign(4, SESSION, Direction.IMPORT, START, START - 1, false)));
  }

  @Test
  void aRecordOfSomethingElseIsRefused() {
    SessionId other = new SessionId(new ByteVector("22".repeat(16)));
    assertRefused(
        "another session",
        200_000,
        bytes(sign(4, other, Direction.IMPORT, START, START + 200_000, false)));
    assertRefused(
        "not of direction IMPORT",
        200_000,
        bytes(sign(4, SESSION, Direction.EXPORT, START, START + 200_000, false)));
    assertRefused(
        "it begins at 4999999 mWh, the terms at 5000000 mWh",
        200_000,
        bytes(sign(4, SESSION, Direction.IMPORT, START - 1, START + 200_000, false)));
    assertRefused(
        "can't be billed",
        200_000,
        bytes(sign(4, SESSION, Direction.IMPORT, START, START + 200_000, true)));
  }

  @Test
  void aReceiptIsOfTheWholeSession() {
    MeterRecord imported = end(4, Direction.IMPORT, 300_000);
    MeterRecord exported = end(5, Direction.EXPORT, 7);
    assertReceipt(Optional.empty(), 300_000, 0, imported);
    assertReceipt(Optional.empty(), 300_000, 7, imported, exported);
    assertReceipt(
        Optional.of("the receipt leaves out the energy of direction EXPORT"), 300_000, 7, imported);
    assertReceipt(
        Optional.of("the receipt says 300000 mWh, the summary 300001 mWh"), 300_001, 0, imported);
    assertReceipt(
        Optional.of("the receipt does not say that the session is over"),
        300_000,
        0,
        record(4, 300_000));
    assertReceipt(
        Optional.of("its number is T6, the one before was T4"),
        300_000,
        7,
        imported,
        end(6, Direction.EXPORT, 7));
    assertReceipt(
        Optional.of("the receipt says the same direction twice"),
        300_000,
        0,
        imported,
        end(5, Direction.IMPORT, 300_000));
    assertReceipt(Optional.of("there is none"), 300_000, 0);
  }

  private static void assertReceipt(
      Optional<String> expected, long imported, long exported, MeterRecord... records) {
    String text = Stream.of(records).map(MeterRecord::text).collect(Collectors.joining("\n"));
    SessionSummary summary =
        new SessionSummary(
            SESSION,
            StopReason.UNPLUGGED,
            SessionTotals.Total.ZERO,
            SessionTotals.Total.ZERO,
            new MilliWattHours(imported),
            new MilliWattHours(exported),
            new ByteVector(text.getBytes(StandardCharsets.US_ASCII)));
    assertEquals(expected, review(key(), bytes(THIRD)).objection(summary));
  }

  private static void assertAccepted(MeterRecord before, long claimed, MeterRecord record) {
    assertEquals(
        Optional.empty(),
        review(key(), bytes(before)).objection(claim(Direction.IMPORT, claimed, bytes(record))));
  }

  private static void assertRefused(String complaint, long claimed, ByteVector record) {
    String objection = objection(claimed, record).orElse("accepted");
    assertTrue(objection.contains(complaint), objection);
  }

  private static Optional<String> objection(long claimed, ByteVector record) {
    return review(key(), bytes(THIRD)).objection(claim(Direction.IMPORT, claimed, record));
  }

  private static Optional<PublicKey> key() {
    return Optional.of(METER.publicKey());
  }

  private static RecordReview review(Optional<PublicKey> key, ByteVector before) {
    return review(offer(key, 100_000), before);
  }

  private static RecordReview review(SessionOffer offer, ByteVector before) {
    return new RecordReview(offer, new BouncyCastleSigner(), before, new MilliWattHours(5_000));
  }

  private static SessionOffer offer(Optional<PublicKey> key, long credit) {
    return new SessionOffer(
        SESSION,
        new Tariff(1, Amount.ZERO, Amount.ZERO, Amount.ZERO),
        new MilliWattHours(100_000),
        new MilliWattHours(credit),
        Set.of(Direction.IMPORT, Direction.EXPORT),
        new MilliWattHours(START),
        new MilliWattHours(START),
        22_000,
        key);
  }

  private static EnergyClaim claim(Direction direction, long energy, ByteVector record) {
    return new EnergyClaim(
        SESSION, direction, new MilliWattHours(energy), 0, Amount.ZERO, 1, record);
  }

  private static MeterRecord record(long page, long energy) {
    return sign(page, SESSION, Direction.IMPORT, START, START + energy, false);
  }

  private static MeterRecord end(long page, Direction direction, long energy) {
    return METER.sign(
        payload(page, SESSION, direction, START, START + energy, false, ReadingReason.END));
  }

  private static MeterRecord sign(
      long page, SessionId session, Direction direction, long begin, long now, boolean failed) {
    return METER.sign(
        payload(page, session, direction, begin, now, failed, ReadingReason.CHARGING));
  }

  private static Payload payload(
      long page,
      SessionId session,
      Direction direction,
      long begin,
      long now,
      boolean failed,
      ReadingReason reason) {
    ReadingTime time = ReadingTime.of(RecordSamples.BEGIN, ClockStatus.INFORMATIVE);
    ObisCode quantity = ObisCode.total(direction);
    Payload sample = RecordSamples.charged().payload();
    return new Payload(
        sample.version(),
        sample.gateway(),
        Pagination.transaction(page),
        sample.meter(),
        sample
            .user()
            .map(
                u ->
                    new Payload.User(
                        true, u.level(), u.flags(), u.type(), Optional.of(session.toString()))),
        sample.chargePoint(),
        List.of(
            Reading.of(
                time,
                ReadingReason.BEGIN,
                new MilliWattHours(begin),
                quantity,
                ErrorFlags.NONE,
                MeterStatus.OK),
            Reading.of(
                time,
                reason,
                new MilliWattHours(now),
                quantity,
                new ErrorFlags(failed, false),
                MeterStatus.OK)));
  }

  private static ByteVector bytes(MeterRecord record) {
    return new ByteVector(record.text().getBytes(StandardCharsets.US_ASCII));
  }
}
