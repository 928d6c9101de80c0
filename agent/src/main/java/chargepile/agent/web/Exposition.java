package chargepile.agent.web;

import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes Prometheus' text exposition format, version 0.0.4. */
final class Exposition {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** What a family's samples are. */
  enum Type {
    /** Never sinks while the program runs; its name ends in {@code _total}. */
    COUNTER("counter"),
    GAUGE("gauge");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  private final StringBuilder out = new StringBuilder(8192);

  /** Begins a family; its samples follow at once. */
  Family family(String name, Type type, String help) {
    out.append("# HELP ").append(name).append(' ').append(escaped(help)).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type.word).append('\n');
    return new Family(name);
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  /** The samples of one name. */
  final class Family {
    private final String name;

    private Family(String name) {
      this.name = name;
    }

    Family sample(BigDecimal value) {
      return sample(Map.of(), value);
    }

    Family sample(long value) {
      return sample(Map.of(), value);
    }

    Family sample(boolean value) {
      return sample(Map.of(), value ? 1 : 0);
    }

    Family sample(Map<String, String> labels, long value) {
      return sample(labels, BigDecimal.valueOf(value));
    }

    Family sample(Map<String, String> labels, BigDecimal value) {
      out.append(name);
      if (!labels.isEmpty()) {
        out.append(
            labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=\"" + quoted(label.getValue()) + '"')
                .collect(Collectors.joining(",", "{", "}")));
      }
      out.append(' ').append(value.toPlainString()).append('\n');
      return this;
    }

    private static String quoted(String value) {
      return escaped(value).replace("\"", "\\\"");
    }
  }
}
