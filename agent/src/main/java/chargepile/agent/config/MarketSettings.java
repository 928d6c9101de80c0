package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Optional;

/**
 * What is offered, quoted and ordered by itself, and where. Amounts are the token's base units.
 *
 * @param feeder the grid's name of the feeder that the pile hangs on; a driver needs none
 * @param ask what a pile's energy is sold for; empty: none is
 * @param bid from where and how fast a driver's bids rise; empty: they don't
 * @param energy of a pile's offer or quote; empty: what its rated power delivers in the window
 * @param lead from the agreement to the start of its delivery, at least; the agency may want more
 * @param window length of what a driver orders, at least
 */
public record MarketSettings(
    Contracts contracts,
    String feeder,
    Optional<Prices> ask,
    Optional<Prices> bid,
    Optional<WattHours> energy,
    Duration lead,
    Duration window,
    OnDefault onDefault) {
  /** Where the market's contracts are. */
  public record Contracts(
      EvmAddress registry,
      EvmAddress offerBoard,
      EvmAddress quoteBook,
      EvmAddress orderBook,
      EvmAddress reviewBoard,
      EvmAddress settlementLog) {}

  /**
   * Prices of a kilowatt-hour, from one round of quoting to the next (P1-42).
   *
   * @param start in the first round of a cycle
   * @param limit an ask never falls below it, a bid never rises above it
   * @param step what an ask falls, or a bid rises, with each round that did not match it
   */
  public record Prices(Amount start, Amount limit, Amount step) {}

  /**
   * What it costs to deliver or take other than was agreed (P2-12).
   *
   * @param amount the most that the own side has in escrow for it, for an order; empty: damages for
   *     all of the order's energy, and at least its fees
   * @param ratePerKwh damages for a kilowatt-hour beyond the tolerance
   * @param toleranceBasisPoints of the order's energy, 0 to 10000
   */
  public record OnDefault(Optional<Amount> amount, Amount ratePerKwh, int toleranceBasisPoints) {}
}
