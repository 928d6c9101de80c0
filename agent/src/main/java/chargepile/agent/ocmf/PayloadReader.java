package chargepile.agent.ocmf;

import chargepile.agent.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a payload of anyone's, strictly: a name that the specification does not have, and does not
 * leave to makers, is refused, as is a value of the wrong kind.
 */
final class PayloadReader {
  private static final List<String> VERSIONS = List.of("0.5", "1.0", "1.1", "1.2", "1.3");
  private static final List<String> READING_NAMES =
      List.of("TM", "TX", "RV", "RI", "RU", "RT", "CL", "EF", "ST");

  /** Names that begin with these letters are the makers' own. */
  private static final String OF_MAKERS = "UVWXYZ";

  private PayloadReader() {}

  static Payload read(String text) throws MalformedRecordException {
    RecordFields fields = RecordFields.read("the payload", text);
    for (String name : fields.values().keySet()) {
      boolean free = !name.isEmpty() && OF_MAKERS.indexOf(name.charAt(0)) >= 0;
      if (!free && !PayloadText.NAMES.contains(name)) {
        throw fields.malformed(name, "is no field of the format");
      }
    }
    String version = fields.required("FV");
    if (!VERSIONS.contains(version)) {
      throw fields.malformed(
          "FV", "is %s, known are %s".formatted(version, String.join(", ", VERSIONS)));
    }
    return new Payload(
        version,
        new Payload.Gateway(fields.text("GI"), fields.text("GS"), fields.text("GV")),
        fields.coded("PG", fields.required("PG"), page -> Optional.of(Pagination.parse(page))),
        new Payload.MeterLabel(
            fields.text("MV"), fields.text("MM"), fields.text("MS"), fields.text("MF")),
        user(fields),
        chargePoint(fields),
        readings(fields));
  }

  private static Optional<Payload.User> user(RecordFields fields) throws MalformedRecordException {
    Optional<Boolean> assigned = fields.truth("IS");
    if (assigned.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> level = fields.text("IL");
    return Optional.of(
        new Payload.User(
            assigned.get(),
            level.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    fields.coded(
                        "IL",
                        level.get(),
                        code -> Codes.find(AssignmentLevel.values(), Enum::name, code))),
            fields.texts("IF"),
            fields.required("IT"),
            fields.text("ID")));
  }

  private static Optional<Payload.ChargePoint> chargePoint(RecordFields fields)
      throws MalformedRecordException {
    return fields.text("CT").isEmpty()
        ? Optional.empty()
        : Optional.of(new Payload.ChargePoint(fields.required("CT"), fields.required("CI")));
  }

  private static List<Reading> readings(RecordFields fields) throws MalformedRecordException {
    List<Reading> readings = new ArrayList<>();
    for (JsonValue item : fields.items("RD")) {
      String where = "reading %d".formatted(readings.size() + 1);
      readings.add(
          reading(RecordFields.of(where, item), readings.isEmpty() ? null : readings.getLast()));
    }
    if (readings.isEmpty()) {
      throw fields.malformed("RD", "has no reading");
    }
    return readings;
  }

  /** What a reading leaves out is as in the one before it. */
  private static Reading reading(RecordFields fields, @Nullable Reading before)
      throws MalformedRecordException {
    for (String name : fields.values().keySet()) {
      if (!READING_NAMES.contains(name)) {
        throw fields.malformed(name, "is no field of a reading");
      }
    }
    BigDecimal value = fields.number("RV").orElseThrow(() -> fields.malformed("RV", "is missing"));
    if (value.signum() < 0) {
      throw fields.malformed("RV", "is below zero: " + value);
    }
    EnergyUnit unit = value(fields, "RU", before == null ? null : before.unit(), EnergyUnit::of);
    if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE, unit.milliWattHourDigits())) > 0) {
      throw fields.malformed("RV", "is more than any register holds: " + value);
    }
    return new Reading(
        fields.coded("TM", fields.required("TM"), text -> Optional.of(ReadingTime.parse(text))),
        value(fields, "TX", before == null ? null : before.reason(), ReadingReason::of),
        value,
        value(
            fields,
            "RI",
            before == null ? null : before.quantity(),
            text -> Optional.of(new ObisCode(text))),
        unit,
        fields.number("CL"),
        value(
            fields,
            "EF",
            before == null ? ErrorFlags.NONE : before.errors(),
            PayloadReader::errors),
        value(fields, "ST", before == null ? null : before.status(), MeterStatus::of));
  }

  private static <T> T value(
      RecordFields fields, String name, @Nullable T before, Function<String, Optional<T>> find)
      throws MalformedRecordException {
    Optional<String> text = fields.text(name);
    if (text.isPresent()) {
      return fields.coded(name, text.get(), find);
    }
    if (before == null) {
      throw fields.malformed(name, "is missing");
    }
    return before;
  }

  private static Optional<ErrorFlags> errors(String text) {
    boolean known = text.chars().allMatch(c -> c == 'E' || c == 't');
    return known
        ? Optional.of(new ErrorFlags(text.contains("E"), text.contains("t")))
        : Optional.empty();
  }
}
