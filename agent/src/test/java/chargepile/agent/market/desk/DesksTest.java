package chargepile.agent.market.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Pile, driver and agency trade with each other, P2-05 to P2-12: whatever is lost, repeated or
 * late, every order reaches an end, nobody does a thing twice, and nobody pays beyond its policy.
 */
class DesksTest {
  private static final Trader PILE = new Trader("0x" + "0".repeat(38) + "11");
  private static final Trader CAR = new Trader("0x" + "0".repeat(38) + "12");
  private static final EvmAddress METER =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");
  private static final PilePoint POINT =
      new PilePoint(new PileId("pile-1"), new FeederId("feeder-1"), METER, 22_000);
  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);
  private static final long START = 1_000_000;

  private static final PilePolicy SELLS =
      new PilePolicy(
          POINT,
          new PricePolicy(Side.ASK, new Amount(320), new Amount(280), new Amount(30)),
          new WattHours(6_000),
          Optional.of(
              new PilePolicy.Shop(new Amount(400), new WattHours(20_000), Duration.ofHours(3))),
          ON_DEFAULT,
          true,
          new Amount(1));

  private static final BuyerPolicy BUYS =
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
  private static final class Actor {
    final Trader name;
    final Desk desk;
    final Deque<DeskAction> sent = new ArrayDeque<>();
    Outages remembered = Outages.NONE;
    boolean inService = true;
    boolean unbroken = true;
    Decision last = new Decision(List.of(), List.of(), Outages.NONE, List.of());

    Actor(Trader name, Desk desk) {
      this.name = name;
      this.desk = desk;
    }
  }

  private final ModelMarket market = new ModelMarket();
  private final Actor pile = new Actor(PILE, new PileDesk(SELLS));
  private final Actor car = new Actor(CAR, new DriverDesk(BUYS));
  private final Actor agency =
      new Actor(
          ModelMarket.AGENCY,
          new AgencyDesk(
              new AgencyDesk.Policy(Set.of(ModelMarket.AGENCY), Map.of(), new Amount(1))));
  private final List<Actor> actors = List.of(pile, car, agency);
  private final Map<OrderKey, Delivered> delivered = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private long paidInChannel;

  private void look(Actor actor) {
    Set<String> underWay = new HashSet<>();
    actor.sent.forEach(action -> underWay.add(action.subject()));
    Decision decision =
        actor.desk.next(
            market.view(actor.name, underWay),
            new OwnSide(actor.inService, false, actor.unbroken, delivered, Map.of()),
            actor.remembered);
    actor.unbroken = true;
    Set<String> subjects = new HashSet<>(underWay);
    for (DeskAction action : decision.actions()) {
      assertTrue(subjects.add(action.subject()), () -> "two at once: " + decision.actions());
    }
    actor.remembered = decision.remember();
    actor.last = decision;
  }

  private void mine(Actor actor) {
    DeskAction action = actor.sent.poll();
    if (action != null && market.apply(actor.name, action)) {
      if (!(action instanceof DeskAction.OfQuotes
          || action instanceof DeskAction.OfListing
          || action instanceof DeskAction.Collect)) { // what these did may be undone
        done.add(actor.name + " " + action.key());
      }
    }
  }

  private void settleDown(int rounds) {
    for (int i = 0; i < rounds; i++) {
      for (Actor actor : actors) {
        look(actor);
        actor.sent.addAll(actor.last.actions());
        while (!actor.sent.isEmpty()) {
          mine(actor);
        }
      }
      market.pass(Duration.ofSeconds(20));
    }
  }

  /** A car takes energy of an order on record, and pays for it in the channel. */
  private void charge(long mostWattHours) {
    for (Sale sale : pile.last.sales()) {
      boolean now =
          !market.now.isBefore(sale.window().start()) && market.now.isBefore(sale.window().end());
      boolean agreed = car.last.sales().stream().anyMatch(o -> o.order().equals(sale.order()));
      if (now && agreed && pile.inService) {
        long mwh = Math.min(sale.left().value(), mostWattHours * 1000);
        Delivered before = delivered.getOrDefault(sale.order(), Delivered.NOTHING);
        MilliWattHours energy = before.energy().plus(new MilliWattHours(mwh));
        Amount paid = new Amount(energy.value() * (sale.price().doubled() / 2) / 1_000_000);
        paidInChannel += paid.value() - before.paid().value();
        delivered.put(sale.order(), Delivered.ended(energy, paid));
      }
    }
  }

  private void fund() {
    market.fund(PILE, START);
    market.fund(CAR, START);
  }

  @Test
  void twoCyclesOfQuotesMakeTheOrdersThatTheDriverWants() {
    fund();
    for (int i = 0; i < 60; i++) {
      settleDown(1);
      charge(4_000);
    }
    settleDown(80);
    List<OrderView> orders = market.orders();
    assertEquals(2, orders.size());
    assertEquals(
        List.of(6_000L, 4_000L), orders.stream().map(o -> o.terms().energy().value()).toList());
    orders.forEach(order -> assertEquals(OrderStage.SETTLED, order.stage()));
    // asked 320 and 290, bid 290 and 310: the second round crosses
    assertEquals(2 * 300, orders.getFirst().terms().price().doubled());
    assertEquals(START - 3000, market.wealth(CAR) - paidInChannel);
    assertEquals(3000, paidInChannel);
    assertTrue(market.wealth(PILE) < START, "the fees come out of the seller's escrow");
  }

  @Test
  void aPileThatIsOutOfServiceInTheWindowPaysTheDefault() {
    fund();
    int looked = 0;
    while (pile.last.sales().isEmpty() && looked++ < 100) {
      settleDown(1);
    }
    pile.inService = false;
    settleDown(200);
    OrderView first = market.orders().getFirst();
    assertEquals(OrderStage.DEFAULTED, first.stage());
    // 6000 Wh less 5 % tolerance at 60 a kWh
    assertEquals(START + 342, market.wealth(CAR));
  }

  @Test
  void aDriverThatDoesNotComePaysTheDefault() {
    fund();
    settleDown(300);
    assertTrue(market.orders().stream().allMatch(o -> o.stage() == OrderStage.DEFAULTED));
    assertTrue(market.wealth(CAR) < START);
    assertTrue(market.wealth(PILE) > START);
  }

  @Property(tries = 60)
  void whateverIsLostOrLateEveryOrderEndsAndNobodyDoesAThingTwice(@ForAll long seed) {
    Random random = new Random(seed);
    fund();
    long money = market.money();
    for (int i = 0; i < 400; i++) {
      Actor actor = actors.get(random.nextInt(actors.size()));
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          look(actor);
          for (DeskAction action : actor.last.actions()) {
            if (random.nextInt(5) > 0) { // the others are lost before they are kept
              actor.sent.add(action);
            }
          }
        }
        case 3, 4 -> {
          DeskAction next = actor.sent.peek();
          mine(actor);
          if (next instanceof DeskAction.OfOrder) {
            boolean unused = market.apply(actor.name, next); // repeated
          }
        }
        case 5 -> {
          while (!actor.sent.isEmpty()) {
            mine(actor);
          }
        }
        case 6 -> charge(random.nextInt(4_000));
        case 7 -> {
          pile.inService = random.nextInt(4) > 0;
          actor.unbroken = random.nextInt(3) > 0; // else the program was started anew
        }
        default -> market.pass(Duration.ofSeconds(random.nextInt(1, 40)));
      }
      check(money);
    }
    settleDown(200);
    check(money);
    for (OrderView order : market.orders()) {
      assertTrue(order.stage().isOver(), () -> "never ends: " + order);
    }
    assertEquals(0, market.owed(PILE), "what is owed is collected");
    assertEquals(0, market.owed(CAR));
  }

  private void check(long money) {
    assertEquals(money, market.money());
    assertTrue(market.openQuotes(PILE) <= 1 && market.openQuotes(CAR) <= 1);
    Map<MatchedQuotes, Integer> perMatch = new HashMap<>();
    long committed = 0;
    long wanted = 0;
    for (OrderView order : market.orders()) {
      perMatch.merge(order.deal().match().orElseThrow(), 1, Integer::sum);
      long price = order.terms().price().doubled();
      assertTrue(price >= 2 * 280 && price <= 2 * 330);
      if (order.stage().counts()) {
        committed += order.terms().escrow().buyer().value();
        wanted += order.terms().energy().value();
      }
    }
    perMatch.values().forEach(count -> assertEquals(1, count, "two orders of a match"));
    assertTrue(committed <= BUYS.budget().value(), "the budget is kept");
    assertTrue(wanted <= BUYS.energy().value(), "no more is bought than wanted");
    Map<Long, Long> sold = new HashMap<>();
    market.matches.forEach(match -> sold.merge(match.cycle(), match.energy().value(), Long::sum));
    sold.values().forEach(energy -> assertTrue(energy <= SELLS.perCycle().value()));
    long spent = START - market.wealth(CAR) + paidInChannel;
    assertTrue(spent <= 2 * BUYS.budget().value(), "escrow and channel");
    assertEquals(done.size(), new HashSet<>(done).size(), () -> "done twice: " + done);
  }
}
