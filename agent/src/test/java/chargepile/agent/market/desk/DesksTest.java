package chargepile.agent.market.desk;

import static chargepile.agent.market.desk.DeskTrial.CAR;
import static chargepile.agent.market.desk.DeskTrial.OTHER_CAR;
import static chargepile.agent.market.desk.DeskTrial.PILE;
import static chargepile.agent.market.desk.DeskTrial.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.DeskTrial.Actor;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Pile, drivers and agency trade with each other, P2-05 to P2-12: whatever is lost, repeated or
 * late, every order reaches an end, nobody does a thing twice, nobody pays beyond its policy or
 * twice for the same energy, and who did all that an order asks for is not the one in default.
 */
class DesksTest {
  /** What is lost comes through, and nobody is away for longer. */
  private static final Duration LATEST_TURN = Duration.ofSeconds(25);

  /** At the pile's power, before the first session of an order and the next after it. */
  private static final long BETWEEN_LOOKS_WH = 22_000L * 2 * (25 + 30) / 3600;

  /** A faithful car is at the pile before its time. */
  private static final Duration EARLY = Duration.ofSeconds(60);

  @Test
  void twoCyclesOfQuotesMakeTheOrdersThatTheDriverWants() {
    DeskTrial trial = new DeskTrial(CAR);
    trial.plug.plug(CAR);
    trial.settleDown(140);
    List<OrderView> orders = trial.market.orders();
    assertEquals(2, orders.size());
    assertEquals(
        List.of(6_000L, 4_000L), orders.stream().map(o -> o.terms().energy().value()).toList());
    orders.forEach(order -> assertEquals(OrderStage.SETTLED, order.stage()));
    // asked 320 and 290, bid 290 and 310: the second round crosses
    assertEquals(2 * 300, orders.getFirst().terms().price().doubled());
    assertEquals(START, trial.market.wealth(CAR), "nothing is paid out of the escrow");
    assertEquals(3000, paidInChannel(trial, CAR));
    assertTrue(trial.market.wealth(PILE) < START, "the fees come out of the seller's escrow");
  }

  @Test
  void aPileThatIsOutOfServiceInTheWindowPaysTheDefault() {
    DeskTrial trial = new DeskTrial(CAR);
    int looked = 0;
    while (trial.pile.last.sales().isEmpty() && looked++ < 100) {
      trial.settleDown(1);
    }
    trial.serve(false);
    trial.settleDown(200);
    OrderView first = trial.market.orders().getFirst();
    assertEquals(OrderStage.DEFAULTED, first.stage());
    // 6000 Wh less 5 % tolerance at 60 a kWh
    assertEquals(START + 342, trial.market.wealth(CAR));
  }

  @Test
  void aDriverThatDoesNotComePaysTheDefault() {
    DeskTrial trial = new DeskTrial(CAR);
    trial.settleDown(300);
    assertTrue(trial.market.orders().stream().allMatch(o -> o.stage() == OrderStage.DEFAULTED));
    assertTrue(trial.market.wealth(CAR) < START);
    assertTrue(trial.market.wealth(PILE) > START);
  }

  @Property(tries = 60)
  void whateverIsLostOrLateEveryOrderEndsAndNobodyDoesAThingTwice(@ForAll long seed) {
    Random random = new Random(seed);
    DeskTrial trial = new DeskTrial(CAR);
    long money = trial.market.money();
    for (int i = 0; i < 400; i++) {
      if (random.nextInt(10) == 0) {
        plugOrLeave(trial, trial.cars.getFirst());
      }
      disturbed(trial, random, true);
      check(trial, money);
    }
    trial.settleDown(200);
    checkAtTheEnd(trial, money);
  }

  @Property(tries = 100)
  void whoDoesItsPartOfADeliveryIsNotInDefaultAndPaysForItOnce(@ForAll long seed) {
    Random random = new Random(seed);
    DeskTrial trial = new DeskTrial(CAR, OTHER_CAR);
    boolean steady = random.nextBoolean();
    trial.acknowledges = random.nextInt(4) > 0;
    Set<Actor> faithful = new HashSet<>();
    trial.cars.stream().filter(_ -> random.nextInt(3) > 0).forEach(faithful::add);
    int stay = random.nextBoolean() ? 20 : 200;
    long money = trial.market.money();
    for (int i = 0; i < 1600; i++) {
      for (Actor actor : trial.actors) {
        if (actor.turned.plus(LATEST_TURN).isBefore(trial.market.now)) {
          trial.turn(actor);
        }
      }
      for (Actor car : trial.cars) {
        if (faithful.contains(car)) {
          keepToOrders(trial, car);
        } else if (random.nextInt(stay) == 0) {
          plugOrLeave(trial, car);
        }
      }
      if (!steady && random.nextInt(100) == 0) {
        trial.serve(!trial.pile.inService);
      }
      disturbed(trial, random, false);
    }
    trial.cars.forEach(car -> leave(trial, car));
    trial.serve(true);
    trial.settleDown(400);
    checkAtTheEnd(trial, money);
    for (OrderView order : trial.market.orders()) {
      trial.market.settlement(order.key()).ifPresent(end -> assertFair(trial, order, end));
    }
  }

  /** Something happens, or does not. */
  private static void disturbed(DeskTrial trial, Random random, boolean outages) {
    Actor actor = trial.actors.get(random.nextInt(trial.actors.size()));
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        trial.look(actor);
        for (DeskAction action : actor.last.actions()) {
          if (random.nextInt(5) > 0) { // the others are lost before they are kept
            actor.sent.add(action);
          }
        }
      }
      case 3, 4 -> {
        DeskAction next = actor.sent.peek();
        trial.mine(actor);
        if (next instanceof DeskAction.OfOrder) {
          boolean unused = trial.market.apply(actor.name, next); // repeated
        }
      }
      case 5 -> trial.mineAll(actor);
      case 6 -> trial.pay(random.nextInt(4) > 0, random.nextInt(4) > 0, random.nextInt(4) > 0);
      case 7 -> {
        if (outages) {
          trial.serve(random.nextInt(4) > 0);
        }
        if (outages || actor != trial.pile) {
          actor.unbroken = random.nextInt(3) > 0; // else the program was started anew
        }
      }
      default -> trial.pass(Duration.ofSeconds(random.nextInt(1, 30)));
    }
  }

  private static void plugOrLeave(DeskTrial trial, Actor car) {
    if (trial.plug.isFree()) {
      trial.plug.plug(car.name);
    } else {
      leave(trial, car);
    }
  }

  private static void leave(DeskTrial trial, Actor car) {
    if (trial.plug.car().filter(car.name::equals).isPresent()) {
      trial.plug.unplug();
    }
  }

  /** Is there in its orders' time, and only then. */
  private static void keepToOrders(DeskTrial trial, Actor car) {
    boolean time =
        trial.market.orders().stream()
            .filter(order -> order.stage().isOnRecord())
            .filter(order -> order.terms().buyer().equals(car.name))
            .filter(
                order ->
                    trial.plug.energy(order.key()).value()
                        < order.terms().energy().toMilliWattHours().value())
            .map(order -> order.terms().window())
            .anyMatch(
                window ->
                    !trial.market.now.isBefore(window.start().minus(EARLY))
                        && trial.market.now.isBefore(window.end()));
    if (!time) {
      leave(trial, car);
    } else if (trial.plug.isFree()) {
      trial.plug.plug(car.name);
    }
  }

  private static long paidInChannel(DeskTrial trial, Trader buyer) {
    return trial.market.orders().stream()
        .filter(order -> order.terms().buyer().equals(buyer))
        .mapToLong(order -> trial.plug.paid(order.key()))
        .sum();
  }

  private static void assertFair(DeskTrial trial, OrderView order, Settlement end) {
    if (!trial.sellerLapses.contains(order.key())) {
      assertEquals(0, end.sellerOff().value(), () -> "the pile did its part: " + order);
    }
    if (trial.acknowledges && !trial.buyerLapses.contains(order.key())) {
      // Where an outage left just enough time, some of it passed before a look began a session.
      long late = trial.sellerLapses.contains(order.key()) ? BETWEEN_LOOKS_WH : 0;
      assertTrue(
          end.buyerOff().value() <= late,
          () -> "the buyer did its part, " + end.buyerOff() + ": " + order);
    }
    long fromEscrow =
        order.terms().escrow().buyer().value()
            - end.toBuyer().value()
            + end.sellerDamages().value()
            - end.buyerDamages().value();
    long paid = fromEscrow + trial.plug.paid(order.key());
    WattHours taken = new WattHours(Math.ceilDiv(trial.plug.energy(order.key()).value(), 1000L));
    assertTrue(
        paid <= order.terms().price().amount(taken).value(),
        () -> "paid " + paid + " in escrow and channel for " + taken + ": " + order);
  }

  private static void check(DeskTrial trial, long money) {
    assertEquals(money, trial.market.money());
    assertTrue(trial.market.openQuotes(PILE) <= 1);
    Map<MatchedQuotes, Integer> perMatch = new HashMap<>();
    for (OrderView order : trial.market.orders()) {
      perMatch.merge(order.deal().match().orElseThrow(), 1, Integer::sum);
      long price = order.terms().price().doubled();
      assertTrue(price >= 2 * 280 && price <= 2 * 330);
    }
    perMatch.values().forEach(count -> assertEquals(1, count, "two orders of a match"));
    trial.cars.forEach(car -> checkBuyer(trial, car));
    Map<Long, Long> sold = new HashMap<>();
    trial.market.matches.forEach(
        match -> sold.merge(match.cycle(), match.energy().value(), Long::sum));
    sold.values().forEach(energy -> assertTrue(energy <= DeskTrial.SELLS.perCycle().value()));
    assertEquals(
        trial.done.size(), new HashSet<>(trial.done).size(), () -> "done twice: " + trial.done);
  }

  private static void checkBuyer(DeskTrial trial, Actor car) {
    assertTrue(trial.market.openQuotes(car.name) <= 1);
    long committed = 0;
    long wanted = 0;
    for (OrderView order : trial.market.orders()) {
      if (order.terms().buyer().equals(car.name) && order.stage().counts()) {
        committed += order.terms().escrow().buyer().value();
        wanted += order.terms().energy().value();
      }
    }
    assertTrue(committed <= DeskTrial.BUYS.budget().value(), "the budget is kept");
    assertTrue(wanted <= DeskTrial.BUYS.energy().value(), "no more is bought than wanted");
  }

  private static void checkAtTheEnd(DeskTrial trial, long money) {
    check(trial, money);
    for (OrderView order : trial.market.orders()) {
      assertTrue(order.stage().isOver(), () -> "never ends: " + order);
    }
    assertEquals(0, trial.market.owed(PILE), "what is owed is collected");
    for (Actor car : trial.cars) {
      assertEquals(0, trial.market.owed(car.name));
      long spent = START - trial.market.wealth(car.name) + paidInChannel(trial, car.name);
      assertTrue(spent <= DeskTrial.BUYS.budget().value(), () -> "escrow and channel: " + spent);
    }
  }
}
