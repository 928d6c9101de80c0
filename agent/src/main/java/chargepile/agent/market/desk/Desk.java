package chargepile.agent.market.desk;

/** One who trades by itself. Stateless; thread-safe. */
@FunctionalInterface
public interface Desk {
  /**
   * What to do next. Asked again with the next view, whether or not any of it was done.
   *
   * @param remembered of the last decision; {@link Outages#NONE} at first
   */
  Decision next(MarketView view, OwnSide own, Outages remembered);
}
