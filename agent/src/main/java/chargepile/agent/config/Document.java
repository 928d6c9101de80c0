package chargepile.agent.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** A parsed file, the keys that were asked of it, and the problems found on the way. */
final class Document {
  /** The parser's time grows with the cube of this: a second or less here, minutes at thousands. */
  private static final int MOST_EMPTY_LINES = 300;

  /** Stands for the section of the keys that are in none. */
  private static final String TOP = "";

  private final String file;
  private final TomlParseResult toml;
  private final boolean readable;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> faulty = new HashSet<>();
  private final Map<String, Set<String>> known = new LinkedHashMap<>();

  Document(String file, String text) {
    this.file = file;
    OptionalInt tooEmpty = tooEmpty(text);
    toml = Toml.parse(tooEmpty.isPresent() ? "" : text);
    readable = tooEmpty.isEmpty() && !toml.hasErrors();
    tooEmpty.ifPresent(
        line ->
            problems.add(
                new Problem(
                    file,
                    line,
                    1,
                    "",
                    "more than %d lines in a row are empty or comments; shorten them"
                        .formatted(MOST_EMPTY_LINES))));
    for (TomlParseError error : toml.errors()) {
      TomlPosition at = error.position();
      String message = error.getMessage();
      problems.add(
          new Problem(
              file, at.line(), at.column(), "", message == null ? "can't be read" : message));
    }
  }

  /** The line at which more lines than the parser can take in a row say nothing. */
  private static OptionalInt tooEmpty(String text) {
    int number = 0;
    int empty = 0;
    for (String line : text.lines().toList()) {
      number++;
      empty = line.isBlank() || line.stripLeading().startsWith("#") ? empty + 1 : 0;
      if (empty > MOST_EMPTY_LINES) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }

  /** The keys above the first section. */
  Section top() {
    return section(TOP);
  }

  Section section(String name) {
    known.computeIfAbsent(name, absent -> new LinkedHashSet<>());
    return new Section(this, name);
  }

  /** The value of a key that the program knows by asking for it; null when it isn't there. */
  @Nullable Object value(String section, String key) {
    known.computeIfAbsent(section, absent -> new LinkedHashSet<>()).add(key);
    return section.equals(TOP)
        ? toml.get(List.of(key))
        : toml.get(List.of(section)) instanceof TomlTable table ? table.get(List.of(key)) : null;
  }

  /** Whether the section is written down. */
  boolean has(String section) {
    return toml.get(List.of(section)) != null;
  }

  /** Reports a whole section. */
  void problem(String section, String message) {
    problems.add(problemAt(position(section), section, message));
  }

  /** A file with syntax errors may hold more keys than could be read. */
  boolean readable() {
    return readable;
  }

  void problem(String section, String key, String message) {
    String dotted = dotted(section, key);
    faulty.add(dotted);
    TomlPosition at = position(section, key);
    problems.add(problemAt(at == null ? position(section) : at, dotted, message));
  }

  /**
   * Reports what keys say together, at the first of them that is written down; not when one of them
   * is wrong by itself or the file could not be read whole.
   *
   * @param keys dotted; the first is named
   */
  void contradiction(boolean contradicts, List<String> keys, String message) {
    if (contradicts && readable() && sound(keys)) {
      TomlPosition at = null;
      for (String key : keys) {
        at = at == null ? position(sectionOf(key), keyOf(key)) : at;
      }
      String first = keys.getFirst();
      problems.add(problemAt(at == null ? position(sectionOf(first)) : at, first, message));
    }
  }

  /** Reports a section that is known and has no place here. */
  void misplaced(String section, String message) {
    if (has(section)) {
      problem(section, message);
    }
  }

  boolean sound(Collection<String> keys) {
    return keys.stream().noneMatch(faulty::contains);
  }

  /** All keys asked for so far, dotted, in the order of asking. */
  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    known.forEach((section, names) -> names.forEach(name -> keys.add(dotted(section, name))));
    return keys;
  }

  /** Reports what nobody asked for, and returns all problems in the order of the file. */
  List<Problem> finish() {
    for (String name : toml.keySet()) {
      Set<String> names = name.equals(TOP) ? null : known.get(name);
      if (known.getOrDefault(TOP, Set.of()).contains(name)) {
        continue; // read and judged
      }
      if (names == null) {
        problems.add(
            problemAt(
                position(name),
                name,
                toml.get(List.of(name)) instanceof TomlTable
                    ? "unknown section%s".formatted(Spelling.hint(name, sections()))
                    : "a key outside of any section%s".formatted(outside(name))));
      } else if (!(toml.get(List.of(name)) instanceof TomlTable table)) {
        problems.add(
            problemAt(
                position(name),
                name,
                "must be a section: write [%s] on a line of its own".formatted(name)));
      } else {
        unknownKeys(name, table, names);
      }
    }
    return problems.stream()
        .sorted(
            Comparator.comparingInt(Problem::line)
                .thenComparingInt(Problem::column)
                .thenComparing(Problem::key))
        .toList();
  }

  private String outside(String key) {
    Set<String> places = named(key);
    return places.isEmpty()
        ? "; sections are " + String.join(", ", sections())
        : Spelling.hint(places);
  }

  private List<String> sections() {
    return known.keySet().stream().filter(name -> !name.equals(TOP)).toList();
  }

  private void unknownKeys(String section, TomlTable table, Set<String> names) {
    for (String key : table.keySet()) {
      if (!names.contains(key)) {
        Set<String> elsewhere = named(key);
        problems.add(
            problemAt(
                table.inputPositionOf(List.of(key)),
                section + "." + key,
                "unknown key%s"
                    .formatted(
                        elsewhere.isEmpty()
                            ? Spelling.hint(key, names)
                            : elsewhere.contains(key)
                                ? "; it stands above the first [section]"
                                : Spelling.hint(elsewhere))));
      }
    }
  }

  /** The dotted keys of other sections that bear this name. */
  private Set<String> named(String name) {
    Set<String> found = new LinkedHashSet<>();
    known.forEach(
        (section, names) -> {
          if (names.contains(name)) {
            found.add(dotted(section, name));
          }
        });
    return found;
  }

  private @Nullable TomlPosition position(String section, String key) {
    return section.equals(TOP) ? position(key) : positionIn(section, key);
  }

  private @Nullable TomlPosition positionIn(String section, String key) {
    return toml.get(List.of(section)) instanceof TomlTable table
        ? table.inputPositionOf(List.of(key))
        : null;
  }

  private @Nullable TomlPosition position(String section) {
    return toml.inputPositionOf(List.of(section));
  }

  private static String dotted(String section, String key) {
    return section.equals(TOP) ? key : section + "." + key;
  }

  private static String sectionOf(String dotted) {
    return dotted.substring(0, Math.max(0, dotted.indexOf('.')));
  }

  private static String keyOf(String dotted) {
    return dotted.substring(dotted.indexOf('.') + 1);
  }

  private Problem problemAt(@Nullable TomlPosition at, String key, String message) {
    return at == null
        ? new Problem(file, 1, 1, key, message)
        : new Problem(file, at.line(), at.column(), key, message);
  }
}
