package chargepile.agent.evm;

import chargepile.agent.json.JsonValue;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A part of what a node answered, read as strictly as the execution API writes it. What is missing
 * or does not fit is the node's fault: every accessor throws {@link EvmException} and says what.
 *
 * @param path what it answers to, and where in it this stands
 */
record RpcValue(String node, String path, JsonValue value) {
  private static final Pattern QUANTITY = Pattern.compile("0x(0|[1-9a-fA-F][0-9a-fA-F]{0,63})");

  private static final int ADDRESS = 20;

  boolean isNull() {
    return value instanceof JsonValue.Nothing;
  }

  RpcValue at(String field) {
    return find(field).orElseThrow(() -> nonsense("it lacks " + field));
  }

  /** A field; one that is {@code null} is absent. */
  Optional<RpcValue> find(String field) {
    if (value instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
      return Optional.ofNullable(fields.get(field))
          .map(found -> new RpcValue(node, path + "." + field, found))
          .filter(found -> !found.isNull());
    }
    throw nonsense("an object belongs there");
  }

  List<RpcValue> items(int most) {
    if (value instanceof JsonValue.Array(List<JsonValue> items)) {
      if (items.size() > most) {
        throw nonsense("more than %d of them".formatted(most));
      }
      return IntStream.range(0, items.size())
          .mapToObj(i -> new RpcValue(node, "%s[%d]".formatted(path, i), items.get(i)))
          .toList();
    }
    throw nonsense("an array belongs there");
  }

  String text() {
    if (value instanceof JsonValue.Text(String text)) {
      return text;
    }
    throw nonsense("a string belongs there");
  }

  boolean truth() {
    if (value instanceof JsonValue.Truth(boolean truth)) {
      return truth;
    }
    throw nonsense("true or false belongs there");
  }

  /** An integer in JSON's own form. */
  int whole() {
    if (value instanceof JsonValue.Decimal(var number)) {
      try {
        return number.intValueExact();
      } catch (ArithmeticException e) {
        throw nonsense("no integer", e);
      }
    }
    throw nonsense("a number belongs there");
  }

  /** 0 to 2^256-1. */
  BigInteger quantity() {
    String text = text();
    if (!QUANTITY.matcher(text).matches()) {
      throw nonsense("no quantity: '%s'".formatted(shortened(text)));
    }
    return new BigInteger(text.substring(2), 16);
  }

  /** 0 to 2^63-1. */
  long number() {
    BigInteger quantity = quantity();
    if (quantity.bitLength() > 63) {
      throw nonsense("too large a number: " + quantity);
    }
    return quantity.longValue();
  }

  /** 0 to 2^31-1. */
  int smallNumber() {
    long number = number();
    if (number > Integer.MAX_VALUE) {
      throw nonsense("too large a number: " + number);
    }
    return (int) number;
  }

  Wei wei() {
    return new Wei(quantity());
  }

  ByteVector data() {
    String text = text();
    if (!text.startsWith("0x")) {
      throw nonsense("no bytes: '%s'".formatted(shortened(text)));
    }
    try {
      return new ByteVector(HexFormat.of().parseHex(text, 2, text.length()));
    } catch (IllegalArgumentException e) {
      throw nonsense("no bytes: '%s'".formatted(shortened(text)), e);
    }
  }

  ByteVector32 hash() {
    return new ByteVector32(sized(32));
  }

  EvmAddress address() {
    return new EvmAddress(sized(ADDRESS));
  }

  private ByteVector sized(int length) {
    ByteVector data = data();
    if (data.size() != length) {
      throw nonsense("%d bytes instead of %d".formatted(data.size(), length));
    }
    return data;
  }

  EvmException nonsense(String what) {
    return new EvmException(said(what));
  }

  private EvmException nonsense(String what, Throwable cause) {
    return new EvmException(said(what), cause);
  }

  private String said(String what) {
    return "%s answers nonsense at %s: %s".formatted(node, path, what);
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
