package chargepile.agent.evm.market;

import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.util.Optional;

/** What the order book tells of orders (P2-06 to P2-12). */
public sealed interface OrderLog {
  OrderKey order();

  /**
   * A buyer asks (P2-06).
   *
   * @param terms empty where they are none that this program would ever agree to, such as numbers
   *     above 2^63 - 1 or names that are no names
   */
  record Requested(
      OrderKey order, EvmAddress seller, EvmAddress buyer, Optional<ContractTerms> terms)
      implements OrderLog {}

  record Confirmed(OrderKey order) implements OrderLog {}

  record Refused(OrderKey order) implements OrderLog {}

  record Signed(OrderKey order, EvmAddress party) implements OrderLog {}

  record Established(OrderKey order) implements OrderLog {}

  record Approved(OrderKey order) implements OrderLog {}

  record Rejected(OrderKey order, RejectionReason reason) implements OrderLog {}

  /**
   * It waited too long.
   *
   * @param missed where it stood then
   */
  record Expired(OrderKey order, OrderStatus missed) implements OrderLog {}

  record Recorded(OrderKey order) implements OrderLog {}

  record Began(OrderKey order) implements OrderLog {}

  /**
   * The seller has been paid in a channel.
   *
   * @param paid altogether
   */
  record Acknowledged(OrderKey order, Amount paid) implements OrderLog {}

  /**
   * What was in escrow is shared out.
   *
   * @param status settled or defaulted
   */
  record Settled(OrderKey order, OrderStatus status, Metering metering, Settlement settlement)
      implements OrderLog {}
}
