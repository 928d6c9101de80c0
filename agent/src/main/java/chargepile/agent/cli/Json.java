package chargepile.agent.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** A JSON value (RFC 8259) that is written and never read; on one line. */
public final class Json {
  /** The value {@code null}. */
  public static final Json NULL = new Json("null");

  private final String text;

  private Json(String text) {
    this.text = text;
  }

  public static Json of(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (paired) {
        out.append(c).append(value.charAt(++i));
      } else {
        escape(out, c);
      }
    }
    return new Json(out.append('"').toString());
  }

  public static Json of(long value) {
    return new Json(Long.toString(value));
  }

  public static Json of(boolean value) {
    return new Json(Boolean.toString(value));
  }

  /** A number without an exponent and without zeros at the end. */
  public static Json of(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    return new Json(shortest.scale() < 0 ? shortest.toBigInteger().toString() : plain(shortest));
  }

  public static Json array(List<Json> values) {
    return new Json(values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
  }

  public static Json strings(List<String> values) {
    return array(values.stream().map(Json::of).toList());
  }

  /** An object to be filled. */
  public static Fields object() {
    return new Fields();
  }

  /** The text, on one line. */
  @Override
  public String toString() {
    return text;
  }

  private static String plain(BigDecimal value) {
    return value.toPlainString();
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        // Besides what must be escaped: half a surrogate pair, and what some readers end lines at.
        if (c < 0x20 || c == 0x7f || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
          out.append("\\u%04x".formatted((int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  /** The fields of an object, in the order in which they are put. */
  public static final class Fields {
    private final StringBuilder out = new StringBuilder("{");

    private Fields() {}

    /** Adds a field; the caller does not put a name twice. */
    public Fields put(String name, Json value) {
      if (out.length() > 1) {
        out.append(',');
      }
      out.append(Json.of(name)).append(':').append(value);
      return this;
    }

    public Fields put(String name, String value) {
      return put(name, Json.of(value));
    }

    public Fields put(String name, long value) {
      return put(name, Json.of(value));
    }

    public Fields put(String name, boolean value) {
      return put(name, Json.of(value));
    }

    public Fields put(String name, BigDecimal value) {
      return put(name, Json.of(value));
    }

    public Json end() {
      return new Json(out + "}");
    }
  }
}
