package chargepile.agent.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A JSON value (RFC 8259) as it was read. */
public sealed interface JsonValue {
  record Text(String value) implements JsonValue {}

  /** A number with all its digits, zeros at the end included. */
  record Decimal(BigDecimal value) implements JsonValue {}

  record Truth(boolean value) implements JsonValue {}

  record Array(List<JsonValue> values) implements JsonValue {}

  /** An object; its fields are in the order of the text. */
  record Fields(Map<String, JsonValue> values) implements JsonValue {}

  /** The value {@code null}. */
  record Nothing() implements JsonValue {}
}
