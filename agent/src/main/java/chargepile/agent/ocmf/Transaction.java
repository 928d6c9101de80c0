package chargepile.agent.ocmf;

import chargepile.agent.units.MilliWattHours;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning and the end of a charging transaction, out of one record.
 *
 * @param end the last reading; of a transaction that is not over, one in between
 */
public record Transaction(Reading begin, Reading end) {
  /**
   * That of a record whose readings for billing are a beginning and one that follows it.
   *
   * @throws MalformedRecordException when they are anything else
   */
  public static Transaction of(Payload payload) throws MalformedRecordException {
    List<Reading> readings =
        payload.readings().stream().filter(reading -> reading.quantity().isForBilling()).toList();
    if (readings.size() != 2
        || readings.getFirst().reason() != ReadingReason.BEGIN
        || readings.getLast().reason() == ReadingReason.BEGIN) {
      throw new MalformedRecordException(
          "a transaction's record has two readings for billing, the first of them a beginning");
    }
    return new Transaction(readings.getFirst(), readings.getLast());
  }

  public boolean isOver() {
    return end.reason().isEnd();
  }

  /**
   * What the meter counted from the beginning to the end.
   *
   * @throws IllegalArgumentException when the register ran backwards
   */
  public MilliWattHours energy() {
    return end.energy().minus(begin.energy());
  }

  /** Why this can't be billed, as the transparency software judges it; empty when it can. */
  public List<String> objections(Payload payload) {
    List<String> objections = new ArrayList<>();
    if (!isOver()) {
      objections.add("the transaction is not over");
    }
    if (!begin.quantity().equals(end.quantity())) {
      objections.add("beginning and end are readings of different registers");
    } else if (end.energy().compareTo(begin.energy()) < 0) {
      objections.add("the register ran backwards");
    }
    if (end.time().at().isBefore(begin.time().at())) {
      objections.add("the end is before the beginning");
    }
    if (begin.time().clock() == ClockStatus.RELATIVE
        && end.time().clock() != ClockStatus.RELATIVE) {
      objections.add("the clock changed from relative to absolute time");
    }
    if (!begin.isSound() || !end.isSound()) {
      objections.add("the meter says that its energy can't be billed");
    }
    if (payload.user().flatMap(Payload.User::level).filter(AssignmentLevel::isError).isPresent()) {
      objections.add("the user could not be told");
    }
    return objections;
  }
}
