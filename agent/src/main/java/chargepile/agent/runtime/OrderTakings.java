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
  private final Map<SessionId, Entry> ended = new HashMap<>();

  private record Entry(long tag, Delivered delivered) {}

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
      ended.put(
          row.session(),
          new Entry(
              row.tariff().id(),
              Delivered.ended(
                  row.metered()
                      .map(metered -> new MilliWattHours(metered.importMwh()))
                      .orElse(paidFor),
                  new Amount(row.imported().msat()))));
    }
  }

  /** A session has ended, or its account has come after all. */
  void ended(Receipt receipt) {
    SessionTotals.Total paid = receipt.paid().imported();
    ended.put(
        receipt.paid().session(),
        new Entry(
            receipt.tariff().id(),
            Delivered.ended(
                receipt.summary().map(SessionSummary::importDelivered).orElse(paid.energy()),
                paid.amount())));
  }

  /** By order, for those that a view shows. */
  Map<OrderKey, Delivered> of(MarketView view, Optional<Running> running) {
    Map<Long, Delivered> byTag = new HashMap<>();
    ended.values().forEach(entry -> byTag.merge(entry.tag(), entry.delivered(), Delivered::plus));
    Optional<Running> open = running.filter(now -> !ended.containsKey(now.session()));
    open.ifPresent(
        now ->
            byTag.merge(now.tag(), Delivered.running(now.energy(), now.paid()), Delivered::plus));
    Map<OrderKey, Delivered> delivered = new HashMap<>();
    for (OrderView order : view.orders()) {
      Delivered sum = byTag.get(Sale.tag(order.key()));
      if (sum != null) {
        delivered.put(order.key(), sum);
      }
    }
    return delivered;
  }
}
