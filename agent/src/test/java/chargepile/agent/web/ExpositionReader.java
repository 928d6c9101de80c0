package chargepile.agent.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus' text format 0.0.4 more strictly than Prometheus does: every family has one HELP
 * and one TYPE, in this order and before its samples, which stand together and are told apart by
 * their labels; counters, and nothing else, end in {@code _total}; units are plural and last.
 */
record ExpositionReader(Map<String, Family> families) {
  record Family(String name, String type, String help, Map<String, Double> samples) {}

  private static final Pattern HELP = Pattern.compile("# HELP ([a-z][a-z0-9_]*) (\\S.*\\.)");
  private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z][a-z0-9_]*) (counter|gauge)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z][a-z0-9_]*)(\\{((?:[a-z_]+=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\",?)+)})?"
              + " (-?[0-9]+(?:\\.[0-9]+)?)");

  static ExpositionReader read(String text) {
    require(text.endsWith("\n"), "the last line has no end");
    Map<String, Family> families = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    int i = 0;
    while (i < lines.size()) {
      Matcher help = match(HELP, lines.get(i++));
      Matcher type = match(TYPE, lines.get(i++));
      String name = help.group(1);
      require(name.equals(type.group(1)), "TYPE of another: " + type.group());
      require(
          name.endsWith("_total") == type.group(2).equals("counter"),
          "a counter ends in _total, nothing else does: " + name);
      Map<String, Double> samples = new LinkedHashMap<>();
      while (i < lines.size() && !lines.get(i).startsWith("#")) {
        Matcher sample = match(SAMPLE, lines.get(i++));
        require(sample.group(1).equals(name), "in the family of " + name + ": " + sample.group());
        String labels = sample.group(3) == null ? "" : sample.group(3);
        distinct(labels);
        require(
            samples.put(labels, Double.valueOf(sample.group(4))) == null,
            "twice: " + sample.group());
      }
      require(!samples.isEmpty(), "no sample of " + name);
      Family family = new Family(name, type.group(2), help.group(2), samples);
      require(families.put(name, family) == null, "a family twice: " + name);
    }
    return new ExpositionReader(families);
  }

  /** The value of a sample; the labels as they are written. */
  double value(String name, String labels) {
    Family family = families.get(name);
    Double value = family == null ? null : family.samples().get(labels);
    if (value == null) {
      throw new AssertionError("not there: " + name + "{" + labels + "}");
    }
    return value;
  }

  double value(String name) {
    return value(name, "");
  }

  private static void distinct(String labels) {
    Set<String> names = new HashSet<>();
    List<String> doubled = new ArrayList<>();
    Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"")
        .matcher(labels)
        .results()
        .map(label -> label.group(1))
        .filter(name -> !names.add(name))
        .forEach(doubled::add);
    require(doubled.isEmpty(), "labels twice: " + labels);
  }

  private static Matcher match(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    require(matcher.matches(), "no " + pattern + ": " + line);
    return matcher;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
