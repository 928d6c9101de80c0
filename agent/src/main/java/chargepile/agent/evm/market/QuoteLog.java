package chargepile.agent.evm.market;

import chargepile.agent.market.Match;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;

/** What the quote book tells (P1-03, P1-04, P1-42). A quote's id is its arrival. */
public sealed interface QuoteLog {
  record Quoted(
      long cycle, QuoteId id, EvmAddress trader, Side side, Amount pricePerKwh, WattHours energy)
      implements QuoteLog {}

  /**
   * A quote has another price or rest.
   *
   * @param id from now on; another than {@code previous} when it lost its place
   */
  record Requoted(QuoteId previous, QuoteId id, Amount pricePerKwh, WattHours energy)
      implements QuoteLog {}

  record Withdrawn(QuoteId id) implements QuoteLog {}

  /** A quote gave way in a full book to one with a better price. */
  record Displaced(QuoteId id, QuoteId by) implements QuoteLog {}

  /** A match of the round, which an order may be made of. */
  record Matched(Match match, EvmAddress seller, EvmAddress buyer) implements QuoteLog {}

  /**
   * A round was matched.
   *
   * @param round of the cycle, from 0
   */
  record RoundMatched(long cycle, int round, int matches) implements QuoteLog {}
}
