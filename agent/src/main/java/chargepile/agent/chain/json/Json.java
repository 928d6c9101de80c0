package chargepile.agent.chain.json;

import chargepile.agent.chain.ChainException;
import chargepile.agent.units.Satoshi;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value (RFC 8259) that a node answered. What is asked for and not there is the node's
 * fault: every accessor throws {@link ChainException} and says what it missed.
 */
public sealed interface Json {
  record Text(String value) implements Json {}

  record Decimal(BigDecimal value) implements Json {}

  record Truth(boolean value) implements Json {}

  record Array(List<Json> values) implements Json {}

  record Fields(Map<String, Json> values) implements Json {}

  /** The value {@code null}. */
  record Nothing() implements Json {}

  /** The field of an object; one that is {@code null} is absent. */
  default Optional<Json> find(String field) {
    return this instanceof Fields(Map<String, Json> values)
        ? Optional.ofNullable(values.get(field)).filter(value -> !value.isNull())
        : Optional.empty();
  }

  default Json at(String field) {
    return find(field)
        .orElseThrow(() -> new ChainException("the node's answer lacks the field " + field));
  }

  default boolean isNull() {
    return this instanceof Nothing;
  }

  default String text() {
    if (this instanceof Text(String value)) {
      return value;
    }
    throw unexpected("a string");
  }

  default boolean truth() {
    if (this instanceof Truth(boolean value)) {
      return value;
    }
    throw unexpected("true or false");
  }

  default List<Json> items() {
    if (this instanceof Array(List<Json> values)) {
      return values;
    }
    throw unexpected("an array");
  }

  default BigDecimal decimal() {
    if (this instanceof Decimal(BigDecimal value)) {
      return value;
    }
    throw unexpected("a number");
  }

  default int whole() {
    try {
      return decimal().intValueExact();
    } catch (ArithmeticException e) {
      throw new ChainException(
          "the node's answer has %s where an integer belongs".formatted(decimal()), e);
    }
  }

  /** An amount that the node writes in bitcoin, exactly. */
  default Satoshi satoshi() {
    try {
      return new Satoshi(decimal().movePointRight(8).longValueExact());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new ChainException(
          "the node's answer has %s where an amount of bitcoin belongs".formatted(decimal()), e);
    }
  }

  private ChainException unexpected(String wanted) {
    return new ChainException(
        "the node's answer has %s where %s belongs".formatted(kind(), wanted));
  }

  private String kind() {
    return switch (this) {
      case Text text -> "a string";
      case Decimal decimal -> "a number";
      case Truth truth -> "true or false";
      case Array array -> "an array";
      case Fields fields -> "an object";
      case Nothing nothing -> "null";
    };
  }
}
