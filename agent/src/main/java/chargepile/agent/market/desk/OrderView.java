package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import java.time.Instant;

/**
 * An order as the chain shows it.
 *
 * @param deadline the last second in which what it waits for can happen; of one that is over,
 *     nothing
 * @param held in escrow now
 * @param acknowledged what the seller has said on the chain that a channel paid
 */
public record OrderView(
    OrderKey key,
    ContractTerms deal,
    OrderStage stage,
    Instant deadline,
    boolean buyerSigned,
    boolean sellerSigned,
    Escrow held,
    Amount acknowledged) {
  public OrderTerms terms() {
    return deal.order();
  }

  boolean isOf(Trader trader) {
    return terms().seller().equals(trader) || terms().buyer().equals(trader);
  }

  /** Whether what it waits for comes too late from now on. */
  boolean isLate(Instant now) {
    return !stage.isOver() && now.isAfter(deadline);
  }
}
