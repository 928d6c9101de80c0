package chargepile.agent.sim;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What came up in runs; prints as one line. */
record Figures(Map<Figure, Long> counts) {
  static final Figures NONE = new Figures(new EnumMap<>(Figure.class));

  Figures {
    EnumMap<Figure, Long> own = new EnumMap<>(Figure.class);
    own.putAll(counts);
    counts = Collections.unmodifiableMap(own);
  }

  Figures plus(Figures other) {
    EnumMap<Figure, Long> sums = new EnumMap<>(Figure.class);
    sums.putAll(counts);
    other.counts.forEach((figure, count) -> sums.merge(figure, count, Long::sum));
    return new Figures(sums);
  }

  /** With so much more of one. */
  Figures with(Figure figure, long count) {
    return plus(new Figures(Map.of(figure, count)));
  }

  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey().title()))
        .collect(Collectors.joining(", "));
  }
}
