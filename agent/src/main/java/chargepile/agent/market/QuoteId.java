package chargepile.agent.market;

/**
 * The id of a quote, unique in its trading cycle; a re-quote keeps it.
 *
 * @param value 0 or more
 */
public record QuoteId(long value) implements Comparable<QuoteId> {
  public QuoteId {
    if (value < 0) {
      throw new IllegalArgumentException("quote id below zero: " + value);
    }
  }

  @Override
  public int compareTo(QuoteId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
