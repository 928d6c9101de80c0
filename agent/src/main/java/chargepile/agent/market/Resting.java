package chargepile.agent.market;

import chargepile.agent.units.WattHours;

/**
 * A quote in the book.
 *
 * @param rest what is not traded yet, more than 0
 * @param arrival its arrival sequence number, which decides between equal prices (P1-37); of the
 *     re-quote where that lost its priority (P1-42)
 */
public record Resting(Quote quote, WattHours rest, long arrival) {
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
