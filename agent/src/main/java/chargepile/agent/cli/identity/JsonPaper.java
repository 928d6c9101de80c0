package chargepile.agent.cli.identity;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.identity.PartyId;
import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A JSON object in a file that one person signed and another carries to a chain. */
final class JsonPaper {
  private static final long LARGEST = 1 << 20;

  private final Path file;
  private final JsonValue.Fields fields;

  private JsonPaper(Path file, JsonValue.Fields fields) {
    this.file = file;
    this.fields = fields;
  }

  /**
   * @param what the file should be, for messages
   */
  static JsonPaper read(Path file, String what) throws CommandFailedException {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CommandFailedException("%s is too large to be %s".formatted(file, what));
      }
      if (JsonReader.read(Files.readString(file)) instanceof JsonValue.Fields fields) {
        return new JsonPaper(file, fields);
      }
      throw new CommandFailedException("%s is not %s".formatted(file, what));
    } catch (IOException e) {
      throw new CommandFailedException("%s can't be read: %s".formatted(file, e), e);
    } catch (MalformedJsonException e) {
      throw new CommandFailedException("%s is not %s: %s".formatted(file, what, e.getMessage()), e);
    }
  }

  List<JsonPaper> list(String key) throws CommandFailedException {
    List<JsonPaper> all = new ArrayList<>();
    if (!(fields.values().get(key) instanceof JsonValue.Array(List<JsonValue> values))) {
      throw bad(key, "a list");
    }
    for (JsonValue value : values) {
      if (!(value instanceof JsonValue.Fields each)) {
        throw bad(key, "a list of objects");
      }
      all.add(new JsonPaper(file, each));
    }
    return all;
  }

  String text(String key) throws CommandFailedException {
    if (fields.values().get(key) instanceof JsonValue.Text(String text)) {
      return text;
    }
    throw bad(key, "a text");
  }

  long number(String key) throws CommandFailedException {
    if (fields.values().get(key) instanceof JsonValue.Decimal(var number)) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        throw bad(key, "a whole number");
      }
    }
    throw bad(key, "a whole number");
  }

  PartyId party(String key) throws CommandFailedException {
    return value(key, "a party's name", PartyId::new);
  }

  EvmAddress address(String key) throws CommandFailedException {
    return value(key, "an address", EvmAddress::of);
  }

  ByteVector32 hash(String key) throws CommandFailedException {
    return value(key, "32 bytes in hexadecimal digits", text -> new ByteVector32(bytes(text)));
  }

  EvmSignature signature(String key) throws CommandFailedException {
    return value(key, "a signature in hexadecimal digits", text -> EvmSignature.of(bytes(text)));
  }

  private <T> T value(String key, String wanted, Function<String, T> reading)
      throws CommandFailedException {
    String text = text(key);
    try {
      return reading.apply(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(words(key, wanted), e);
    }
  }

  private static ByteVector bytes(String text) {
    if (!text.matches("0x([0-9a-fA-F]{2})*")) {
      throw new IllegalArgumentException("no hexadecimal digits");
    }
    return ByteVector.fromHex(text.substring(2));
  }

  private CommandFailedException bad(String key, String wanted) {
    return new CommandFailedException(words(key, wanted));
  }

  private String words(String key, String wanted) {
    return "%s: \"%s\" should be %s".formatted(file, key, wanted);
  }
}
