package chargepile.agent.ocmf;

import chargepile.agent.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A payload as the bytes that are signed: fields in the order of the specification, every reading
 * with all of its fields (the transparency software skips one without its OBIS code), no space.
 */
final class PayloadText {
  /** The names that this program knows, whether it uses them or not. */
  static final List<String> NAMES =
      List.of(
          "FV", "GI", "GS", "GV", "PG", "MV", "MM", "MS", "MF", "IS", "IL", "IF", "IT", "ID", "TT",
          "CF", "LC", "CT", "CI", "RD");

  private PayloadText() {}

  /**
   * @throws IllegalArgumentException when a text has a character that is not printable ASCII, or
   *     the separator of the sections
   */
  static String of(Payload payload) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("FV", checked(payload.version()));
    put(fields, "GI", payload.gateway().identification());
    put(fields, "GS", payload.gateway().serial());
    put(fields, "GV", payload.gateway().version());
    fields.put("PG", payload.page().toString());
    put(fields, "MV", payload.meter().vendor());
    put(fields, "MM", payload.meter().model());
    put(fields, "MS", payload.meter().serial());
    put(fields, "MF", payload.meter().firmware());
    payload.user().ifPresent(user -> put(fields, user));
    payload
        .chargePoint()
        .ifPresent(
            point -> {
              fields.put("CT", checked(point.type()));
              fields.put("CI", checked(point.id()));
            });
    fields.put("RD", payload.readings().stream().map(PayloadText::fields).toList());
    return JsonText.of(fields);
  }

  private static void put(Map<String, Object> fields, Payload.User user) {
    fields.put("IS", user.assigned());
    user.level().ifPresent(level -> fields.put("IL", level.name()));
    fields.put("IF", user.flags().stream().map(PayloadText::checked).toList());
    fields.put("IT", checked(user.type()));
    put(fields, "ID", user.id());
  }

  private static Map<String, Object> fields(Reading reading) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("TM", reading.time().toString());
    fields.put("TX", String.valueOf(reading.reason().letter()));
    fields.put("RV", reading.value());
    reading.cumulatedLoss().ifPresent(loss -> fields.put("CL", loss));
    fields.put("RI", reading.quantity().text());
    fields.put("RU", reading.unit().text());
    fields.put("EF", reading.errors().text());
    fields.put("ST", String.valueOf(reading.status().letter()));
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, Optional<String> text) {
    text.ifPresent(value -> fields.put(name, checked(value)));
  }

  private static String checked(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c > '~' || c == MeterRecord.SEPARATOR)) {
      throw new IllegalArgumentException("can't stand in a meter record: " + text);
    }
    return text;
  }
}
