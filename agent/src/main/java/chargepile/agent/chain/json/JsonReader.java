package chargepile.agent.chain.json;

import chargepile.agent.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a node answered, as strictly as {@link chargepile.agent.json.JsonReader}. */
public final class JsonReader {
  private JsonReader() {}

  /** The text is not JSON, or nests too deep. */
  public static final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedJsonException(chargepile.agent.json.MalformedJsonException cause) {
      super(cause.getMessage(), cause);
    }
  }

  public static Json read(String text) throws MalformedJsonException {
    try {
      return answer(chargepile.agent.json.JsonReader.read(text));
    } catch (chargepile.agent.json.MalformedJsonException e) {
      throw new MalformedJsonException(e);
    }
  }

  private static Json answer(JsonValue value) {
    return switch (value) {
      case JsonValue.Text(String text) -> new Json.Text(text);
      case JsonValue.Decimal(var number) -> new Json.Decimal(number);
      case JsonValue.Truth(boolean truth) -> new Json.Truth(truth);
      case JsonValue.Array(List<JsonValue> values) ->
          new Json.Array(values.stream().map(JsonReader::answer).toList());
      case JsonValue.Fields(Map<String, JsonValue> values) -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        values.forEach((name, field) -> fields.put(name, answer(field)));
        yield new Json.Fields(fields);
      }
      case JsonValue.Nothing() -> new Json.Nothing();
    };
  }
}
