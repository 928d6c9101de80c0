package chargepile.agent.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text strictly (RFC 8259): no comments, no trailing commas, no field twice, nothing
 * behind the value. Nesting and the length of numbers are bounded; the size is the caller's to
 * bound.
 */
public final class JsonReader {
  /** Bitcoin nodes nest some five deep, meter records two. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER = 40;
  private static final int MAX_EXPONENT = 99;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /** The value that {@code text} is. */
  public static JsonValue read(String text) throws MalformedJsonException {
    JsonReader reader = new JsonReader(text);
    JsonValue value = reader.value(0);
    reader.skipSpace();
    if (reader.at < text.length()) {
      throw reader.malformed("more behind the value");
    }
    return value;
  }

  private JsonValue value(int depth) throws MalformedJsonException {
    if (depth > MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    skipSpace();
    char c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new JsonValue.Text(string());
      case 't' -> word("true", new JsonValue.Truth(true));
      case 'f' -> word("false", new JsonValue.Truth(false));
      case 'n' -> word("null", new JsonValue.Nothing());
      default -> number();
    };
  }

  private JsonValue object(int depth) throws MalformedJsonException {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    take('{');
    skipSpace();
    if (peek() == '}') {
      at++;
      return new JsonValue.Fields(fields);
    }
    do {
      skipSpace();
      String name = string();
      skipSpace();
      take(':');
      if (fields.put(name, value(depth + 1)) != null) {
        throw malformed("the field " + name + " twice");
      }
      skipSpace();
    } while (another('}'));
    return new JsonValue.Fields(fields);
  }

  private JsonValue array(int depth) throws MalformedJsonException {
    List<JsonValue> values = new ArrayList<>();
    take('[');
    skipSpace();
    if (peek() == ']') {
      at++;
      return new JsonValue.Array(values);
    }
    do {
      values.add(value(depth + 1));
      skipSpace();
    } while (another(']'));
    return new JsonValue.Array(values);
  }

  /** Takes a comma, or the end of the list. */
  private boolean another(char end) throws MalformedJsonException {
    char c = peek();
    if (c != ',' && c != end) {
      throw malformed("neither a comma nor " + end);
    }
    at++;
    return c == ',';
  }

  private JsonValue word(String word, JsonValue value) throws MalformedJsonException {
    if (!text.startsWith(word, at)) {
      throw malformed("no value");
    }
    at += word.length();
    return value;
  }

  private JsonValue number() throws MalformedJsonException {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      exponent();
    }
    if (at - start > MAX_NUMBER) {
      throw malformed("a number of more than " + MAX_NUMBER + " characters");
    }
    return new JsonValue.Decimal(new BigDecimal(text.substring(start, at)));
  }

  private void exponent() throws MalformedJsonException {
    at++;
    if (peek() == '+' || peek() == '-') {
      at++;
    }
    int start = at;
    digits();
    if (at - start > 4 || Integer.parseInt(text, start, at, 10) > MAX_EXPONENT) {
      throw malformed("an exponent beyond " + MAX_EXPONENT);
    }
  }

  private void digits() throws MalformedJsonException {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw malformed("no value");
    }
  }

  private String string() throws MalformedJsonException {
    take('"');
    int start = at;
    // Blocks come as strings of millions of digits: what has no escape is not copied by character.
    while (plain(peek())) {
      at++;
    }
    if (peek() == '"') {
      return text.substring(start, at++);
    }
    StringBuilder out = new StringBuilder().append(text, start, at);
    while (peek() != '"') {
      char c = text.charAt(at++);
      out.append(c == '\\' ? escape() : printable(c));
    }
    at++;
    return out.toString();
  }

  private static boolean plain(char c) {
    return c != '"' && c != '\\' && c >= ' ';
  }

  private char printable(char c) throws MalformedJsonException {
    if (c < ' ') {
      throw malformed("a control character in a string");
    }
    return c;
  }

  private char escape() throws MalformedJsonException {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("an unknown escape");
    };
  }

  private char unicode() throws MalformedJsonException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw malformed("an escape without four hexadecimal digits");
      }
      code = 16 * code + digit;
      at++;
    }
    return (char) code;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void take(char wanted) throws MalformedJsonException {
    if (peek() != wanted) {
      throw malformed("no " + wanted);
    }
    at++;
  }

  private char peek() throws MalformedJsonException {
    if (at >= text.length()) {
      throw malformed("the end");
    }
    return text.charAt(at);
  }

  private MalformedJsonException malformed(String what) {
    return new MalformedJsonException("%s at character %d".formatted(what, at));
  }
}
