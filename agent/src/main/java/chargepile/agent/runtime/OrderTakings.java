package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.market.desk.Delivered;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the sessions of orders came to, by what their receipts say: the terms' id names the order.
 * Receipts are kept for good, so that nothing else is to be remembered. Belongs to the mailbox.
 */
final class OrderTakings {
  /** By the terms' id: looked at with every pulse. */
  private final Map<Long, Map<SessionId, Delivered>> ended = new HashMap<>();

  /**
   * A session that goes on.
   *
   * @param tag of its terms
   */
  record Running(SessionId session, long tag, MilliWattHours energy, Amount paid) {}

  /**
   * @param kept the receipts of all sessions that ended before
   */
  OrderTakings(Collection<ReceiptRow> kept) {
    for (ReceiptRow row : kept) {
      MilliWattHours paidFor = new MilliWattHours(row.imported().energyMwh());
      put(
          row.tariff().id(),
          row.session(),
          Delivered.ended(
              row.metered().map(metered -> new MilliWattHours(metered.importMwh())).orElse(paidFor),
              new Amount(row.imported().msat())));
    }
  }

  /** A session has ended, or its account has come after all. */
  void ended(Receipt receipt) {
    SessionTotals.Total paid = receipt.paid().imported();
    put(
        receipt.tariff().id(),
        receipt.paid().session(),
        Delivered.ended(
            receipt.summary().map(SessionSummary::importDelivered).orElse(paid.energy()),
            paid.amount()));
  }

  private void put(long tag, SessionId session, Delivered delivered) {
    ended.computeIfAbsent(tag, _ -> new HashMap<>()).put(session, delivered);
  }

  /** By order, for those that a view shows. */
  Map<OrderKey, Delivered> of(MarketView view, Optional<Running> running) {
    Map<OrderKey, Delivered> delivered = new HashMap<>();
    for (OrderView order : view.orders()) {
      long tag = Sale.tag(order.key());
      Map<SessionId, Delivered> sessions = ended.getOrDefault(tag, Map.of());
      Delivered sum = sessions.values().stream().reduce(Delivered.NOTHING, Delivered::plus);
      if (running.isPresent()
          && running.get().tag() == tag
          && !sessions.containsKey(running.get().session())) {
        sum = sum.plus(Delivered.running(running.get().energy(), running.get().paid()));
      }
      if (!sum.equals(Delivered.NOTHING)) {
        delivered.put(order.key(), sum);
      }
    }
    return delivered;
  }
}
