package chargepile.agent.runtime;

import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.EvmAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The orders of an account, or all of them, as the logs of the order book tell them. */
final class OrderTape {
  private final Optional<EvmAddress> party;
  private final Map<OrderKey, Known> orders = new LinkedHashMap<>();

  /**
   * @param agreed whether the seller has confirmed it: before, anybody can have made it up
   * @param established whether it waits for its review
   * @param end empty while it goes on, as far as the logs tell
   */
  record Known(ContractTerms terms, boolean agreed, boolean established, Optional<OrderStage> end) {
    private Known confirmed() {
      return new Known(terms, true, established, end);
    }

    private Known ready() {
      return new Known(terms, true, true, end);
    }

    private Known ended(OrderStage stage) {
      return new Known(terms, agreed, established, Optional.of(stage));
    }
  }

  /**
   * @param party empty: everybody's, as long as they are not over
   */
  OrderTape(Optional<EvmAddress> party) {
    this.party = party;
  }

  OrderTape copy() {
    OrderTape copy = new OrderTape(party);
    copy.orders.putAll(orders);
    return copy;
  }

  Map<OrderKey, Known> orders() {
    return orders;
  }

  /** What stands in the next log. */
  void hear(OrderLog log) {
    switch (log) {
      case OrderLog.Requested(OrderKey key, var seller, var buyer, var terms) -> {
        boolean wanted = party.filter(own -> !own.equals(seller) && !own.equals(buyer)).isEmpty();
        if (wanted && terms.isPresent()) {
          orders.put(key, new Known(terms.get(), false, false, Optional.empty()));
        }
      }
      case OrderLog.Refused(OrderKey key) -> end(key, OrderStage.REFUSED);
      case OrderLog.Rejected(OrderKey key, _) -> end(key, OrderStage.REJECTED);
      case OrderLog.Expired(OrderKey key, _) -> end(key, OrderStage.EXPIRED);
      case OrderLog.Settled(OrderKey key, OrderStatus status, _, _) ->
          end(key, status == OrderStatus.SETTLED ? OrderStage.SETTLED : OrderStage.DEFAULTED);
      case OrderLog.Confirmed(OrderKey key) ->
          orders.computeIfPresent(key, (_, known) -> known.confirmed());
      case OrderLog.Established(OrderKey key) -> establish(key);
      case OrderLog.Approved(OrderKey key) -> {
        if (party.isEmpty()) {
          orders.remove(key); // nobody's to review any more
        }
      }
      case OrderLog.Signed _,
          OrderLog.Recorded _,
          OrderLog.Began _,
          OrderLog.Acknowledged _ -> {} // the contract's state says it
    }
  }

  /**
   * All have the same time to be reviewed in: of a reviewer's, the first is the next to be late.
   */
  private void establish(OrderKey key) {
    Known known = party.isEmpty() ? orders.remove(key) : orders.get(key);
    if (known != null) {
      orders.put(key, known.ready());
    }
  }

  private void end(OrderKey key, OrderStage stage) {
    if (party.isEmpty()) {
      orders.remove(key);
    } else {
      orders.computeIfPresent(key, (_, known) -> known.ended(stage));
    }
  }
}
