package chargepile.agent.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what an operator probably meant. */
final class Spelling {
  private Spelling() {}

  /** {@code "; did you mean …?"} for the nearest candidate, or all of them when none is near. */
  static String hint(String written, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(written, candidate)))
        .filter(nearest -> distance(written, nearest) <= Math.max(2, written.length() / 3))
        .map(nearest -> "; did you mean %s?".formatted(nearest))
        .orElseGet(() -> candidates.isEmpty() ? "" : "; allowed: " + String.join(", ", candidates));
  }

  static String hint(Collection<String> places) {
    return "; did you mean %s?".formatted(String.join(" or ", places));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
