package chargepile.agent.market;

import java.util.regex.Pattern;

/**
 * Who quotes: a registered party's name, or its account on the chain. It may sell in one quote and
 * buy in another (P1-01).
 *
 * @param value 1 to 64 of {@code a-z 0-9 . _ @ -}, beginning with a letter or digit: lower case, so
 *     that no two traders differ only in how they are written
 */
public record Trader(String value) implements Comparable<Trader> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  public Trader {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a party's name is 1 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit");
    }
  }

  @Override
  public int compareTo(Trader other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
