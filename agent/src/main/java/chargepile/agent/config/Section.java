package chargepile.agent.config;

import chargepile.agent.crypto.Eip55;
import chargepile.agent.units.EvmAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * One section of the file. A value that is wrong is reported and its default taken instead, so that
 * reading goes on and every problem is found.
 */
final class Section {
  /** Stands in for an address that is missing or wrong. */
  static final EvmAddress NOBODY = EvmAddress.of("0x" + "0".repeat(40));

  private final Document document;
  private final String name;

  Section(Document document, String name) {
    this.document = document;
    this.name = name;
  }

  long integer(String key, long preset, long least, long most) {
    return read(key, least, most, " (default %d)".formatted(preset)).orElse(preset);
  }

  OptionalLong optionalInteger(String key, long least, long most, String whenAbsent) {
    return read(key, least, most, " (left out: %s)".formatted(whenAbsent));
  }

  long requiredInteger(String key, long least, long most) {
    OptionalLong value = read(key, least, most, "");
    require(key, value.isPresent(), "an integer from %d to %d".formatted(least, most));
    return value.orElse(least);
  }

  /** Whether the key is written down, whatever its value. */
  boolean has(String key) {
    return document.value(name, key) != null;
  }

  /** Reports a key that is known and has no place here. */
  void misplaced(String key, String message) {
    if (has(key)) {
      document.problem(name, key, message);
    }
  }

  private OptionalLong read(String key, long least, long most, String otherwise) {
    return switch (document.value(name, key)) {
      case null -> OptionalLong.empty();
      case Long value when value >= least && value <= most -> OptionalLong.of(value);
      case Object value -> {
        wrong(key, value, "an integer from %d to %d%s".formatted(least, most, otherwise));
        yield OptionalLong.empty();
      }
    };
  }

  boolean bool(String key, boolean preset) {
    return switch (document.value(name, key)) {
      case null -> preset;
      case Boolean value -> value;
      case Object value -> {
        wrong(key, value, "true or false (default %s)".formatted(preset));
        yield preset;
      }
    };
  }

  /** One of the constants of an enum, written in lower case. */
  <E extends Enum<E>> E choice(String key, E preset) {
    return optionalChoice(
            key, preset.getDeclaringClass(), " (default \"%s\")".formatted(written(preset)))
        .orElse(preset);
  }

  <E extends Enum<E>> Optional<E> optionalChoice(String key, Class<E> type, String otherwise) {
    Object value = document.value(name, key);
    if (value == null) {
      return Optional.empty();
    }
    List<E> constants = Arrays.asList(type.getEnumConstants());
    Optional<E> chosen =
        constants.stream().filter(constant -> written(constant).equals(value)).findFirst();
    if (chosen.isEmpty()) {
      wrong(
          key,
          value,
          constants.stream()
                  .map(constant -> "\"%s\"".formatted(written(constant)))
                  .collect(Collectors.joining(", "))
              + otherwise);
    }
    return chosen;
  }

  String text(String key, String preset, Pattern pattern, String allowed) {
    return read(key, pattern, "%s (default \"%s\")".formatted(allowed, preset)).orElse(preset);
  }

  Optional<String> optionalText(String key, Pattern pattern, String allowed) {
    return read(key, pattern, allowed);
  }

  String requiredText(String key, Pattern pattern, String allowed, String placeholder) {
    Optional<String> value = read(key, pattern, allowed);
    require(key, value.isPresent(), allowed);
    return value.orElse(placeholder);
  }

  Optional<EvmAddress> address(String key) {
    return switch (document.value(name, key)) {
      case null -> Optional.empty();
      case String value when Eip55.isSound(value) -> Optional.of(EvmAddress.of(value));
      case String value when Eip55.isAddress(value) -> {
        document.problem(
            name,
            key,
            "is \"%s\", which is mistyped: its capitals (EIP-55) don't fit; copy it anew"
                .formatted(value));
        yield Optional.empty();
      }
      case Object value -> {
        wrong(key, value, "an address: 0x and 40 hexadecimal digits");
        yield Optional.empty();
      }
    };
  }

  EvmAddress requiredAddress(String key) {
    Optional<EvmAddress> value = address(key);
    require(key, value.isPresent(), "an address: 0x and 40 hexadecimal digits");
    return value.orElse(NOBODY);
  }

  private Optional<String> read(String key, Pattern pattern, String allowed) {
    return switch (document.value(name, key)) {
      case null -> Optional.empty();
      case String value when pattern.matcher(value).matches() -> Optional.of(value);
      case Object value -> {
        wrong(key, value, allowed);
        yield Optional.empty();
      }
    };
  }

  void require(String key, boolean present, String allowed) {
    if (!present && document.value(name, key) == null && document.readable()) {
      document.problem(name, key, "is missing; must be " + allowed);
    }
  }

  private void wrong(String key, Object value, String allowed) {
    document.problem(name, key, "is %s; must be %s".formatted(shown(value), allowed));
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case String text -> "\"%s\"".formatted(text);
      case TomlTable table -> "a section";
      case TomlArray array -> "an array";
      case Double number -> "the decimal " + number;
      case Object other -> other.toString();
    };
  }
}
