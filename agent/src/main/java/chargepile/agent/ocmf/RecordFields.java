package chargepile.agent.ocmf;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The fields of one object of a record, each read as what it must be.
 *
 * @param where the object's name in messages
 */
record RecordFields(String where, Map<String, JsonValue> values) {
  static RecordFields read(String where, String json) throws MalformedRecordException {
    try {
      return of(where, JsonReader.read(json));
    } catch (MalformedJsonException e) {
      throw new MalformedRecordException("%s is not JSON: %s".formatted(where, e.getMessage()), e);
    }
  }

  static RecordFields of(String where, JsonValue value) throws MalformedRecordException {
    if (value instanceof JsonValue.Fields(Map<String, JsonValue> values)) {
      return new RecordFields(where, values);
    }
    throw new MalformedRecordException(where + " is no JSON object");
  }

  Optional<String> text(String name) throws MalformedRecordException {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case JsonValue.Text(String text) -> Optional.of(text);
      default -> throw malformed(name, "is no string");
    };
  }

  Optional<Boolean> truth(String name) throws MalformedRecordException {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case JsonValue.Truth(boolean truth) -> Optional.of(truth);
      default -> throw malformed(name, "is neither true nor false");
    };
  }

  Optional<BigDecimal> number(String name) throws MalformedRecordException {
    return switch (values.get(name)) {
      case null -> Optional.empty();
      case JsonValue.Decimal(BigDecimal number) -> Optional.of(number);
      default -> throw malformed(name, "is no number");
    };
  }

  /** The values of an array; none when it is absent. */
  List<JsonValue> items(String name) throws MalformedRecordException {
    return switch (values.get(name)) {
      case null -> List.of();
      case JsonValue.Array(List<JsonValue> items) -> items;
      default -> throw malformed(name, "is no array");
    };
  }

  List<String> texts(String name) throws MalformedRecordException {
    List<String> texts = new ArrayList<>();
    for (JsonValue item : items(name)) {
      if (!(item instanceof JsonValue.Text(String text))) {
        throw malformed(name, "has a value that is no string");
      }
      texts.add(text);
    }
    return texts;
  }

  String required(String name) throws MalformedRecordException {
    return text(name).orElseThrow(() -> malformed(name, "is missing"));
  }

  /** A text that is a code for something; {@code find} knows which. */
  <T> T coded(String name, String text, Function<String, Optional<T>> find)
      throws MalformedRecordException {
    try {
      return find.apply(text).orElseThrow(() -> malformed(name, "has the unknown value " + text));
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException("%s: %s: %s".formatted(where, name, e.getMessage()), e);
    }
  }

  MalformedRecordException malformed(String name, String problem) {
    return new MalformedRecordException("%s: %s %s".formatted(where, name, problem));
  }
}
