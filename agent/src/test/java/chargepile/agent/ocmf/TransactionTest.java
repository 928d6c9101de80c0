package chargepile.agent.ocmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionTest {
  private static final Reading BEGIN =
      RecordSamples.reading(RecordSamples.BEGIN, ReadingReason.BEGIN, 1_000, Direction.IMPORT);

  @Test
  void energyIsTheDifferenceOfBothReadings() throws MalformedRecordException {
    Transaction charged = Transaction.of(payload(BEGIN, reading(ReadingReason.END, 31_000)));
    assertEquals(new MilliWattHours(30_000), charged.energy());
    assertTrue(charged.isOver());
    assertEquals(List.of(), objections(BEGIN, reading(ReadingReason.END, 31_000)));
  }

  @Test
  void aTransactionThatIsNotOverIsNotBilled() throws MalformedRecordException {
    Reading between = reading(ReadingReason.CHARGING, 31_000);
    assertFalse(Transaction.of(payload(BEGIN, between)).isOver());
    assertEquals(List.of("the transaction is not over"), objections(BEGIN, between));
  }

  @Test
  void aRegisterNeverRunsBackwards() throws MalformedRecordException {
    assertEquals(
        List.of("the register ran backwards"), objections(BEGIN, reading(ReadingReason.END, 999)));
  }

  @Test
  void importIsNoBeginningOfExport() throws MalformedRecordException {
    Reading exported =
        RecordSamples.reading(RecordSamples.END, ReadingReason.END, 31_000, Direction.EXPORT);
    assertEquals(
        List.of("beginning and end are readings of different registers"),
        objections(BEGIN, exported));
  }

  @Test
  void theEndIsLater() throws MalformedRecordException {
    Reading early =
        RecordSamples.reading(
            RecordSamples.BEGIN.minusMillis(1), ReadingReason.END, 31_000, Direction.IMPORT);
    assertEquals(List.of("the end is before the beginning"), objections(BEGIN, early));
  }

  @ParameterizedTest
  @CsvSource({"true, OK", "false, READ_ERROR"})
  void aSickMeterIsNotBilled(boolean energyFailed, MeterStatus status)
      throws MalformedRecordException {
    Reading end =
        Reading.of(
            BEGIN.time(),
            ReadingReason.ABORTED,
            new MilliWattHours(2_000),
            ObisCode.IMPORT_TOTAL,
            new ErrorFlags(energyFailed, false),
            status);
    assertEquals(List.of("the meter says that its energy can't be billed"), objections(BEGIN, end));
  }

  @Test
  void otherReadingsDoNotMatter() throws MalformedRecordException {
    Reading other =
        Reading.of(
            BEGIN.time(),
            ReadingReason.BEGIN,
            MilliWattHours.ZERO,
            new ObisCode("1-0:2.8.0"),
            ErrorFlags.NONE,
            MeterStatus.OK);
    Reading end = reading(ReadingReason.END, 31_000);
    assertEquals(new Transaction(BEGIN, end), Transaction.of(payload(other, BEGIN, end)));
  }

  @Test
  void aRecordWithoutABeginningIsNoTransaction() {
    Reading end = reading(ReadingReason.END, 31_000);
    assertThrows(MalformedRecordException.class, () -> Transaction.of(payload(end)));
    assertThrows(MalformedRecordException.class, () -> Transaction.of(payload(end, BEGIN)));
    assertThrows(MalformedRecordException.class, () -> Transaction.of(payload(BEGIN, BEGIN, end)));
  }

  private static List<String> objections(Reading... readings) throws MalformedRecordException {
    Payload payload = payload(readings);
    return Transaction.of(payload).objections(payload);
  }

  private static Reading reading(ReadingReason reason, long register) {
    return RecordSamples.reading(RecordSamples.END, reason, register, Direction.IMPORT);
  }

  private static Payload payload(Reading... readings) {
    return new Payload(
        Payload.VERSION,
        new Payload.Gateway(Optional.empty(), Optional.empty(), Optional.empty()),
        Pagination.transaction(1),
        Payload.MeterLabel.NONE,
        Optional.empty(),
        Optional.empty(),
        List.of(readings));
  }
}
