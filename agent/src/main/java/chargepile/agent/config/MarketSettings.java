package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Optional;

/**
 * What is offered, quoted and ordered by itself, and where. Amounts are the token's base units.
 *
 * @param feeder the grid's name of the feeder that the pile hangs on
 * @param ask what energy is sold for; empty: none is
 * @param bid what energy is bought for; empty: none is
 * @param energy of an offer or a quote; empty: what the rated power delivers in the window
 * @param lead from a quote to the start of its delivery, at least; the agency may want more
 * @param window length of a delivery
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
   * @param amount what each side has in escrow for it; empty: damages for all of the order's
   *     energy, and at least its fees
   * @param ratePerKwh damages for a kilowatt-hour beyond the tolerance
   * @param toleranceBasisPoints of the order's energy, 0 to 10000
   */
  public record OnDefault(Optional<Amount> amount, Amount ratePerKwh, int toleranceBasisPoints) {}
}
