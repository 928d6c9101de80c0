package chargepile.agent.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonArray;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import kotlinx.serialization.json.JsonPrimitive;
import org.junit.jupiter.api.Assumptions;

/** The vectors of BOLT 8's appendix, from the shared folder. */
final class Bolt8Vectors {
  private Bolt8Vectors() {}

  /** What goes in, and what comes out of it: bytes, an error or the keys. */
  record Step(boolean isInput, Optional<byte[]> bytes, Optional<String> error, Vector keys) {}

  /** One entry of the file. */
  record Vector(String name, JsonObject json) {
    boolean has(String key) {
      return json.get(key) != null;
    }

    String text(String key) {
      return Bolt8Vectors.text(json, key)
          .orElseThrow(() -> new AssertionError("no " + key + " in vector " + name));
    }

    byte[] hex(String key) {
      return HexFormat.of().parseHex(text(key));
    }

    Vector at(String key) {
      JsonElement inner = json.get(key);
      return new Vector(name, inner instanceof JsonObject object ? object : json);
    }

    List<Step> steps() {
      return elements(json, "steps")
          .map(
              step ->
                  new Step(
                      Bolt8Vectors.text(step, "op").equals(Optional.of("input")),
                      Bolt8Vectors.text(step, "hex").map(HexFormat.of()::parseHex),
                      Bolt8Vectors.text(step, "error"),
                      new Vector(name, step).at("keys")))
          .toList();
    }

    /** Expected ciphertext by message number. */
    Map<Integer, String> outputs() {
      Map<Integer, String> outputs = new TreeMap<>();
      JsonObject all = at("outputs").json;
      all.keySet().forEach(key -> outputs.put(Integer.valueOf(key), at("outputs").text(key)));
      return outputs;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> matching(Predicate<Vector> wanted) {
    Path file =
        Path.of(System.getProperty("chargepile.shared", "../../shared"), "vectors", "bolt8.json");
    if (!Files.isReadable(file)) {
      Assumptions.abort("skipped: " + file.toAbsolutePath() + " not found");
    }
    try {
      JsonObject root = (JsonObject) Json.Default.parseToJsonElement(Files.readString(file));
      return elements(root, "entries")
          .map(entry -> new Vector(text(entry, "name").orElseThrow(), entry))
          .filter(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonObject> elements(JsonObject object, String key) {
    return object.get(key) instanceof JsonArray array
        ? array.stream().map(JsonObject.class::cast)
        : Stream.empty();
  }

  private static Optional<String> text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive primitive && primitive.isString()
        ? Optional.of(primitive.getContent())
        : Optional.empty();
  }
}
