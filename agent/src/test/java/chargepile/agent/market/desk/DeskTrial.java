package chargepile.agent.market.desk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A pile with one plug, its buyers and an agency, who trade on a market in memory. */
final class DeskTrial {
  static final Trader PILE = new Trader("0x" + "0".repeat(38) + "11");
  static final Trader CAR = new Trader("0x" + "0".repeat(38) + "12");
  static final Trader OTHER_CAR = new Trader("0x" + "0".repeat(38) + "13");
  static final long START = 1_000_000;
  private static final EvmAddress METER =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");
  private static final PilePoint POINT =
      new PilePoint(new PileId("pile-1"), new FeederId("feeder-1"), METER, 22_000);
  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);

  static final PilePolicy SELLS =
      new PilePolicy(
          POINT,
          new PricePolicy(Side.ASK, new Amount(320), new Amount(280), new Amount(30)),
          new WattHours(6_000),
          Optional.of(
              new PilePolicy.Shop(new Amount(400), new WattHours(20_000), Duration.ofHours(3))),
          ON_DEFAULT,
          true,
          new Amount(1));

  static final BuyerPolicy BUYS =
      new BuyerPolicy(
          new PricePolicy(Side.BID, new Amount(290), new Amount(330), new Amount(20)),
          new WattHours(10_000),
          ModelMarket.GENESIS,
          Map.of(PILE, POINT),
          Duration.ofSeconds(150),
          Duration.ofSeconds(2000),
          Duration.ofSeconds(400),
          ON_DEFAULT,
          new Amount(6_000),
          Duration.ofSeconds(20),
          true,
          new Amount(1));

  /** Somebody with a desk, and what it has sent that is not in a block yet. */
  static final class Actor {
    final Trader name;
    final Desk desk;
    final Deque<DeskAction> sent = new ArrayDeque<>();
    Outages remembered = Outages.NONE;
    boolean inService = true;
    boolean unbroken = true;
    Instant looked = ModelMarket.GENESIS;

    /** When it last looked and did with nothing lost. */
    Instant turned = ModelMarket.GENESIS;

    Decision last = new Decision(List.of(), List.of(), Outages.NONE, List.of());

    Actor(Trader name, Desk desk) {
      this.name = name;
      this.desk = desk;
    }

    /** Whether it knows that an order's time has come. */
    boolean expects(Sale sale) {
      return !looked.isBefore(sale.window().start())
          && last.sales().stream().anyMatch(known -> known.order().equals(sale.order()));
    }
  }

  final ModelMarket market = new ModelMarket();
  final Plug plug = new Plug(POINT.ratedPowerWatts());
  final Actor pile = new Actor(PILE, new PileDesk(SELLS));
  final Actor agency =
      new Actor(
          ModelMarket.AGENCY,
          new AgencyDesk(
              new AgencyDesk.Policy(Set.of(ModelMarket.AGENCY), Map.of(), new Amount(1))));
  final List<Actor> cars;
  final List<Actor> actors;
  final List<String> done = new ArrayList<>();

  /**
   * Whether the pile says on the chain what the channel paid it, as its desk wants; else it says
   * that all was available and nothing was paid.
   */
  boolean acknowledges = true;

  /** Orders that the seller, or the buyer, did not do all for in their time. */
  final Set<OrderKey> sellerLapses = new HashSet<>();

  final Set<OrderKey> buyerLapses = new HashSet<>();

  DeskTrial(Trader... buyers) {
    cars = Stream.of(buyers).map(buyer -> new Actor(buyer, new DriverDesk(BUYS))).toList();
    actors = Stream.concat(Stream.of(pile, agency), cars.stream()).toList();
    market.fund(PILE, START);
    cars.forEach(car -> market.fund(car.name, START));
  }

  void look(Actor actor) {
    Set<String> underWay = new HashSet<>();
    actor.sent.forEach(action -> underWay.add(action.subject()));
    OwnSide own =
        actor == pile ? plug.ofPile(actor.inService, actor.unbroken) : plug.ofBuyer(actor.unbroken);
    if (actor == pile && !actor.unbroken) {
      lapses(actor.looked, market.now).forEach(sellerLapses::add);
    }
    Decision decision =
        asDone(actor, actor.desk.next(market.view(actor.name, underWay), own, actor.remembered));
    actor.unbroken = true;
    Set<String> subjects = new HashSet<>(underWay);
    for (DeskAction action : decision.actions()) {
      assertTrue(subjects.add(action.subject()), () -> "two at once: " + decision.actions());
    }
    actor.remembered = decision.remember();
    actor.last = decision;
    actor.looked = market.now;
    if (actor == pile) {
      endWhatHoldsNoMore();
    }
    offer();
  }

  private Decision asDone(Actor actor, Decision wanted) {
    if (actor != pile || acknowledges) {
      return wanted;
    }
    List<DeskAction> actions =
        wanted.actions().stream()
            .map(
                action ->
                    action instanceof DeskAction.Acknowledge(OrderView order, _, _)
                        ? new DeskAction.SettleByMeter(
                            order,
                            order.terms().energy(),
                            new WattHours(plug.energy(order.key()).value() / 1000))
                        : action)
            .toList();
    return new Decision(actions, wanted.sales(), wanted.remember(), wanted.notices());
  }

  private void endWhatHoldsNoMore() {
    boolean holds =
        plug.session()
            .filter(
                sale -> pile.last.sales().stream().anyMatch(s -> s.order().equals(sale.order())))
            .isPresent();
    if (!holds) {
      plug.end();
    }
  }

  /** A session begins where the pile and the car at it expect one. */
  private void offer() {
    if (plug.session().isPresent() || !pile.inService) {
      return;
    }
    for (Actor car : cars) {
      if (plug.car().filter(car.name::equals).isPresent()) {
        pile.last.sales().stream()
            .filter(sale -> sale.buyer().equals(car.name) && pile.expects(sale))
            .filter(sale -> plug.energy(sale.order()).value() < energyOf(sale.order()))
            .filter(car::expects)
            .findFirst()
            .ifPresent(
                sale ->
                    plug.begin(
                        new Sale(
                            sale.order(),
                            sale.seller(),
                            sale.buyer(),
                            sale.price(),
                            new MilliWattHours(
                                energyOf(sale.order()) - plug.energy(sale.order()).value()),
                            sale.window())));
      }
    }
  }

  private long energyOf(OrderKey order) {
    return market.orders().stream()
        .filter(known -> known.key().equals(order))
        .findFirst()
        .orElseThrow()
        .terms()
        .energy()
        .toMilliWattHours()
        .value();
  }

  void serve(boolean inService) {
    pile.inService = inService;
    if (!inService) {
      plug.end();
    }
  }

  /** Puts what an actor sent first into a block. */
  void mine(Actor actor) {
    DeskAction action = actor.sent.poll();
    if (action != null && market.apply(actor.name, action)) {
      if (!(action instanceof DeskAction.OfQuotes
          || action instanceof DeskAction.OfListing
          || action instanceof DeskAction.Collect)) { // what these did may be undone
        done.add(actor.name + " " + action.key());
      }
    }
  }

  void mineAll(Actor actor) {
    while (!actor.sent.isEmpty()) {
      mine(actor);
    }
  }

  /** Looks and does, with nothing lost. */
  void turn(Actor actor) {
    mineAll(actor);
    pay(true, true, true);
    plug.catchUp();
    look(actor);
    actor.sent.addAll(actor.last.actions());
    mineAll(actor);
    actor.turned = market.now;
  }

  void settleDown(int rounds) {
    for (int i = 0; i < rounds; i++) {
      actors.forEach(this::turn);
      pass(Duration.ofSeconds(20));
      pay(true, true, true);
    }
  }

  /** The session's energy is paid for, as far as nothing is lost, and all sold ends it. */
  void pay(boolean asked, boolean answered, boolean proven) {
    plug.pay(asked, answered, proven);
    if (plug.isDone()) {
      plug.end();
    }
  }

  /** Time passes; energy flows in it. */
  void pass(Duration time) {
    Instant from = market.now;
    Instant to = from.plus(time);
    for (OrderKey order : lapses(from, to)) {
      OrderView view =
          market.orders().stream().filter(o -> o.key().equals(order)).findFirst().orElseThrow();
      boolean itsCar = plug.car().filter(view.terms().buyer()::equals).isPresent();
      boolean kept = !itsCar && plug.occupant().isPresent();
      if (!pile.inService || kept) {
        sellerLapses.add(order);
      }
      if (!itsCar && !kept) { // also where a car stands that the pile never dealt with
        buyerLapses.add(order);
      }
    }
    plug.flow(time);
    market.pass(time);
  }

  /** The orders whose time this touches, and of which something is left. */
  private List<OrderKey> lapses(Instant from, Instant to) {
    return market.orders().stream()
        .filter(order -> !order.stage().isOver())
        .filter(
            order -> {
              DeliveryWindow window = order.terms().window();
              return window.start().isBefore(to) && from.isBefore(window.end());
            })
        .map(OrderView::key)
        .filter(order -> plug.energy(order).value() < energyOf(order))
        .toList();
  }
}
