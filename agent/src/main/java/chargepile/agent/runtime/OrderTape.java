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
   * @param end empty while it goes on, as far as the logs tell
   */
  record Known(ContractTerms terms, Optional<OrderStage> end) {}

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
          orders.put(key, new Known(terms.get(), Optional.empty()));
        }
      }
      case OrderLog.Refused(OrderKey key) -> end(key, OrderStage.REFUSED);
      case OrderLog.Rejected(OrderKey key, _) -> end(key, OrderStage.REJECTED);
      case OrderLog.Expired(OrderKey key, _) -> end(key, OrderStage.EXPIRED);
      case OrderLog.Settled(OrderKey key, OrderStatus status, _, _) ->
          end(key, status == OrderStatus.SETTLED ? OrderStage.SETTLED : OrderStage.DEFAULTED);
      case OrderLog.Confirmed _,
          OrderLog.Signed _,
          OrderLog.Established _,
          OrderLog.Approved _,
          OrderLog.Recorded _,
          OrderLog.Began _,
          OrderLog.Acknowledged _ -> {} // the contract's state says it
    }
  }

  private void end(OrderKey key, OrderStage stage) {
    if (party.isEmpty()) {
      orders.remove(key);
    } else {
      orders.computeIfPresent(key, (_, known) -> new Known(known.terms(), Optional.of(stage)));
    }
  }
}
