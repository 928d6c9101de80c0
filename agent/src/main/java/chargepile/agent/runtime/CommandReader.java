package chargepile.agent.runtime;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import chargepile.agent.runtime.CommandRefusal.Code;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command from its verb and its payload: nothing, or a JSON object with the verb's own
 * fields and {@code at}, the time it was given. What may close the contactor must say when it was
 * given: a broker may hold it back for hours. Anything else is refused as a whole.
 */
final class CommandReader {
  /** The longest payload, in bytes. */
  static final int MOST_BYTES = 1024;

  /** How far {@code at} may be from the pile's clock. */
  static final Duration FRESH = Duration.ofSeconds(60);

  private static final long MOST_WATT_HOURS = 1_000_000;
  private static final int MOST_TEXT = 200;
  private static final String AT = "at";
  private static final Set<String> CLOSING = Set.of("start", "resume");
  private static final Pattern NODE = Pattern.compile("0[23][0-9a-f]{64}");

  private final String verb;
  private final Map<String, JsonValue> fields;

  private CommandReader(String verb, Map<String, JsonValue> fields) {
    this.verb = verb;
    this.fields = fields;
  }

  /**
   * The command.
   *
   * @param now the pile's wall time
   */
  static OperatorCommand read(String verb, byte[] payload, Instant now) throws CommandRefusal {
    List<String> own =
        switch (verb) {
          case "start", "pause", "resume", "clear-faults" -> List.of();
          case "stop" -> List.of("text");
          case "limit" -> List.of("energy_wh");
          case "close-channel" -> List.of("driver");
          default ->
              throw new CommandRefusal(
                  Code.UNKNOWN_VERB,
                  "the verbs are start, stop, pause, resume, limit, close-channel and"
                      + " clear-faults");
        };
    CommandReader reader = new CommandReader(verb, fields(payload));
    reader.requireKnown(own);
    reader.requireFresh(now);
    return reader.command();
  }

  private OperatorCommand command() throws CommandRefusal {
    return switch (verb) {
      case "start" -> new OperatorCommand.Start();
      case "stop" -> new OperatorCommand.Stop(text("text").orElse(""));
      case "pause" -> new OperatorCommand.Pause();
      case "resume" -> new OperatorCommand.Resume();
      case "limit" -> new OperatorCommand.Limit(MilliWattHours.ofWattHours(wattHours("energy_wh")));
      case "close-channel" -> new OperatorCommand.CloseChannel(node("driver"));
      case "clear-faults" -> new OperatorCommand.ClearFaults();
      default -> throw new IllegalStateException(verb + " has fields and no command");
    };
  }

  private static Map<String, JsonValue> fields(byte[] payload) throws CommandRefusal {
    if (payload.length == 0) {
      return Map.of();
    }
    if (payload.length > MOST_BYTES) {
      throw new CommandRefusal(
          Code.TOO_LONG,
          "the payload has %d bytes; the most is %d".formatted(payload.length, MOST_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      if (JsonReader.read(text) instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
        return new LinkedHashMap<>(fields);
      }
    } catch (CharacterCodingException e) {
      throw malformed("the payload is not UTF-8");
    } catch (MalformedJsonException e) {
      throw malformed("the payload is not JSON: " + e.getMessage());
    }
    throw malformed("the payload is JSON, but no object");
  }

  private void requireKnown(List<String> own) throws CommandRefusal {
    for (String field : fields.keySet()) {
      if (!field.equals(AT) && !own.contains(field)) {
        throw malformed(
            "there is no field \"%s\"; \"%s\" takes %s"
                .formatted(
                    shortened(field),
                    verb,
                    own.isEmpty() ? "only at" : String.join(", ", own) + " and at"));
      }
    }
  }

  private void requireFresh(Instant now) throws CommandRefusal {
    Optional<String> said = text(AT);
    if (said.isEmpty()) {
      if (CLOSING.contains(verb)) {
        throw malformed(
            "\"%s\" must say when it was given, such as {\"at\": \"%s\"}"
                .formatted(verb, now.truncatedTo(ChronoUnit.SECONDS)));
      }
      return;
    }
    Instant at;
    try {
      at = Instant.parse(said.get());
    } catch (DateTimeParseException e) {
      throw malformed("at must be a time such as \"2026-01-31T12:00:00Z\"");
    }
    Duration off = Duration.between(at, now).abs();
    if (off.compareTo(FRESH) > 0) {
      throw new CommandRefusal(
          Code.STALE,
          "it was given at %s, and the pile's clock says %s; more than %d s apart is refused"
              .formatted(at, now, FRESH.toSeconds()));
    }
  }

  private Optional<String> text(String field) throws CommandRefusal {
    return switch (fields.get(field)) {
      case null -> Optional.empty();
      case JsonValue.Text(String text) when text.length() <= MOST_TEXT -> Optional.of(text);
      case JsonValue other ->
          throw malformed("%s must be a text of at most %d characters".formatted(field, MOST_TEXT));
    };
  }

  private long wattHours(String field) throws CommandRefusal {
    if (fields.get(field) instanceof JsonValue.Decimal(BigDecimal number)
        && number.signum() > 0
        && number.compareTo(BigDecimal.valueOf(MOST_WATT_HOURS)) <= 0
        && number.stripTrailingZeros().scale() <= 0) {
      return number.longValueExact();
    }
    throw malformed("%s must be a whole number from 1 to %d".formatted(field, MOST_WATT_HOURS));
  }

  private PublicKey node(String field) throws CommandRefusal {
    @Nullable JsonValue value = fields.get(field);
    if (value instanceof JsonValue.Text(String text) && NODE.matcher(text).matches()) {
      PublicKey node = PublicKey.fromHex(text);
      if (node.isValid()) {
        return node;
      }
    }
    throw malformed(
        field + " must be the driver's public key in hex, as the topic channel/<id> has it");
  }

  private static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }

  private static CommandRefusal malformed(String reason) {
    return new CommandRefusal(Code.MALFORMED, reason);
  }
}
