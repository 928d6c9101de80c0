package chargepile.agent.market;

import chargepile.agent.units.WattHours;

/**
 * What a book takes, so that nobody who quotes can slow it down or fill it for the others.
 *
 * @param capacity open quotes at most, 1 or more; half of them, or one more, on each side
 * @param perTrader open quotes of one trader at most, and new ones of it in a trading cycle; 1 or
 *     more. Changing a quote counts for nothing
 * @param minimumFill what a pair trades at least (P1-40), 1 Wh or more: that much a quote is of,
 *     and a rest below it is void, as nothing can fill it any more
 */
public record BookLimits(int capacity, int perTrader, WattHours minimumFill) {
  /** Thirty times the need of paper 2, and no least volume. */
  public static final BookLimits USUAL = new BookLimits(100_000, 256, new WattHours(1));

  /** How many quotes a side takes: one that is full keeps nobody from the other. */
  int perSide() {
    return capacity - capacity / 2;
  }

  public BookLimits {
    if (capacity < 1 || perTrader < 1 || minimumFill.value() < 1) {
      throw new IllegalArgumentException(
          "a book takes one quote or more, of each trader too, and a pair trades 1 Wh or more");
    }
  }
}
