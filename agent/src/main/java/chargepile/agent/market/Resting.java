package chargepile.agent.market;

import chargepile.agent.units.WattHours;

/**
 * A quote in the book.
 *
 * @param rest what is not traded yet: more than 0, no more than the quote's energy
 * @param arrival its arrival sequence number, which decides between equal prices (P1-37); of the
 *     re-quote where that lost its priority (P1-42)
 */
public record Resting(Quote quote, WattHours rest, long arrival) {
  /**
   * @throws IllegalArgumentException when the rest is out of its range
   */
  public Resting {
    if (rest.value() == 0 || rest.compareTo(quote.energy()) > 0) {
      throw new IllegalArgumentException(
          "the rest of quote %s is 1 to %d Wh, not %d"
              .formatted(quote.id(), quote.energy().value(), rest.value()));
    }
  }

  /** Whether this one, on the same side of the book, is matched before {@code other}. */
  public boolean precedes(Resting other) {
    int byPrice = quote.pricePerKwh().compareTo(other.quote.pricePerKwh());
    int better =
        switch (quote.side()) {
          case ASK -> byPrice;
          case BID -> -byPrice;
        };
    return better != 0 ? better < 0 : arrival < other.arrival;
  }
}
