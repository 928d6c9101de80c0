package chargepile.agent.cli;

import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonArray;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;

/** Reads JSON with a parser that is not ours; throws when the text is not JSON. */
public final class ReadJson {
  private ReadJson() {}

  public static JsonElement value(String text) {
    return Json.Default.parseToJsonElement(text);
  }

  public static JsonObject object(String text) {
    return (JsonObject) value(text);
  }

  /** The field at a path of names and indexes with dots between, which must be there. */
  public static JsonElement at(JsonElement from, String path) {
    JsonElement here = from;
    for (String step : path.split("\\.", -1)) {
      here =
          here instanceof JsonArray array ? array.get(Integer.parseInt(step)) : field(here, step);
    }
    return here;
  }

  /** The text of the string or number at a path. */
  public static String text(JsonElement from, String path) {
    return ((JsonPrimitive) at(from, path)).getContent();
  }

  private static JsonElement field(JsonElement from, String name) {
    JsonElement value = ((JsonObject) from).get(name);
    if (value == null) {
      throw new AssertionError("no field " + name + " in " + from);
    }
    return value;
  }
}
