package chargepile.agent.market.order;

import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Orders for tests: 10 kWh in the hour from noon, at 300 a kWh. */
public final class Orders {
  public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  public static final Trader SELLER = new Trader("pile-1");
  public static final Trader BUYER = new Trader("car-1");
  public static final Trader GRID = new Trader("grid");
  public static final Trader AGENCY = new Trader("agency");
  public static final Charges CHARGES = new Charges(new Fees(300, 50), GRID, AGENCY);
  public static final FeederId FEEDER = new FeederId("feeder-1");
  public static final DefaultRule ON_DEFAULT =
      new DefaultRule(new Amount(500), new Amount(100), 1000);

  private Orders() {}

  public static OrderTerms order() {
    return of(1, SELLER, 10_000, hours(0, 1), FEEDER);
  }

  public static OrderTerms of(
      long id, Trader seller, long energy, DeliveryWindow window, FeederId feeder) {
    return new OrderTerms(
        new OrderId(id),
        Optional.empty(),
        seller,
        BUYER,
        TradePrice.of(new Amount(300)),
        new WattHours(energy),
        window,
        new DeliveryPoint(feeder, pileOf(seller), Direction.IMPORT),
        EnergyType.ELECTRICITY,
        energy,
        1,
        ON_DEFAULT,
        CHARGES);
  }

  /** Each seller's pile, unless told otherwise. */
  public static PileId pileOf(Trader seller) {
    return new PileId(seller.value() + "-a");
  }

  public static OrderTerms with(OrderTerms order, TradePrice price, DefaultRule rule, Fees fees) {
    return with(order, price, rule, new Charges(fees, GRID, AGENCY));
  }

  public static OrderTerms listed(OrderTerms order, ListingVersion listing) {
    return new OrderTerms(
        order.id(),
        Optional.of(listing),
        order.seller(),
        order.buyer(),
        order.price(),
        order.energy(),
        order.window(),
        order.point(),
        order.type(),
        order.quantity(),
        order.tableVersion(),
        order.onDefault(),
        order.charges());
  }

  public static OrderTerms charged(OrderTerms order, Charges charges) {
    return with(order, order.price(), order.onDefault(), charges);
  }

  private static OrderTerms with(
      OrderTerms order, TradePrice price, DefaultRule rule, Charges charges) {
    return new OrderTerms(
        order.id(),
        order.listing(),
        order.seller(),
        order.buyer(),
        price,
        order.energy(),
        order.window(),
        order.point(),
        order.type(),
        order.quantity(),
        order.tableVersion(),
        rule,
        charges);
  }

  public static OrderTerms through(OrderTerms order, Direction direction) {
    return at(order, new DeliveryPoint(order.point().feeder(), order.point().pile(), direction));
  }

  public static OrderTerms at(OrderTerms order, DeliveryPoint point) {
    return new OrderTerms(
        order.id(),
        order.listing(),
        order.seller(),
        order.buyer(),
        order.price(),
        order.energy(),
        order.window(),
        point,
        order.type(),
        order.quantity(),
        order.tableVersion(),
        order.onDefault(),
        order.charges());
  }

  public static DeliveryWindow hours(int from, int to) {
    return new DeliveryWindow(NOON.plus(Duration.ofHours(from)), NOON.plus(Duration.ofHours(to)));
  }
}
