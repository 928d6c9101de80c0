package chargepile.agent.runtime;

import chargepile.agent.market.Resting;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.CycleView;
import chargepile.agent.market.desk.Delivered;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.Listing;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a node does on the market, as a document; amounts are the token's base units. */
final class MarketJson {
  /** Orders that are over and still told. */
  private static final int TOLD = 10;

  private MarketJson() {}

  /**
   * @param peers whether buyers are named
   */
  static Json of(MarketReport report, boolean peers) {
    MarketView view = report.view();
    return Json.object()
        .put("account", view.self().value())
        .put("cycle", or(view.cycle().map(MarketJson::cycle)))
        .put("open_asks", view.asks().size())
        .put("open_bids", view.bids().size())
        .put("quote", or(quote(view).map(MarketJson::quote)))
        .put("listing", or(listing(view).map(MarketJson::listing)))
        .put("orders", Json.array(orders(view).map(order -> order(report, order, peers)).toList()))
        .put("owed_base_units", view.owed().value())
        .put("notices", Json.strings(report.decision().notices()))
        .end();
  }

  private static Json or(Optional<Json> value) {
    return value.orElse(Json.NULL);
  }

  private static Json cycle(CycleView cycle) {
    return Json.object()
        .put("number", cycle.number())
        .put("round", cycle.round() + 1)
        .put("rounds", cycle.rounds())
        .put("matched", cycle.matched())
        .end();
  }

  private static Optional<Resting> quote(MarketView view) {
    return Stream.concat(view.asks().stream(), view.bids().stream())
        .filter(open -> open.quote().trader().equals(view.self()))
        .findFirst();
  }

  private static Json quote(Resting open) {
    return Json.object()
        .put("id", open.quote().id().value())
        .put("side", open.quote().side().name().toLowerCase(Locale.ROOT))
        .put("price_base_units_per_kwh", open.quote().pricePerKwh().value())
        .put("rest_wh", open.rest().value())
        .end();
  }

  private static Optional<Listing> listing(MarketView view) {
    return view.listings().stream().filter(listing -> !listing.withdrawn()).findFirst();
  }

  private static Json listing(Listing listing) {
    return Json.object()
        .put("id", listing.id().value())
        .put("version", listing.version())
        .put("price_base_units_per_kwh", price(listing.price()))
        .put("open_wh", listing.open().value())
        .put("until", listing.window().end().toString())
        .end();
  }

  private static Stream<OrderView> orders(MarketView view) {
    List<OrderView> over = view.orders().stream().filter(o -> o.stage().isOver()).toList();
    return Stream.concat(
        over.subList(Math.max(0, over.size() - TOLD), over.size()).stream(),
        view.orders().stream().filter(order -> !order.stage().isOver()));
  }

  private static Json order(MarketReport report, OrderView order, boolean peers) {
    Delivered delivered = report.own().delivered().getOrDefault(order.key(), Delivered.NOTHING);
    Json.Fields fields =
        Json.object()
            .put("order", order.key().toString())
            .put("state", order.stage().name().toLowerCase(Locale.ROOT));
    if (peers) {
      fields.put("buyer", order.terms().buyer().value());
    }
    return fields
        .put("price_base_units_per_kwh", price(order.terms().price()))
        .put("energy_wh", order.terms().energy().value())
        .put("start", order.terms().window().start().toString())
        .put("end", order.terms().window().end().toString())
        .put("delivered_mwh", delivered.energy().value())
        .put("paid_base_units", delivered.paid().value())
        .put("acknowledged_base_units", order.acknowledged().value())
        .end();
  }

  /** Exact to half a unit. */
  private static BigDecimal price(TradePrice price) {
    return BigDecimal.valueOf(price.doubled() * 5L, 1).stripTrailingZeros();
  }
}
