package chargepile.agent.market.order;

import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;

/** Money into escrow or out of it; never of nothing. */
public sealed interface EscrowMove {
  /** Into escrow. If it can't be had, the event that asked for it has not happened. */
  record Lock(Trader from, Amount amount) implements EscrowMove {}

  /** Out of escrow. */
  record Release(Trader to, Amount amount) implements EscrowMove {}
}
