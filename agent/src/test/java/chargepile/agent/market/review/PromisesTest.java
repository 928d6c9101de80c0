package chargepile.agent.market.review;

import static chargepile.agent.market.order.Orders.AGENCY;
import static chargepile.agent.market.order.Orders.FEEDER;
import static chargepile.agent.market.order.Orders.GRID;
import static chargepile.agent.market.order.Orders.NOON;
import static chargepile.agent.market.order.Orders.SELLER;
import static chargepile.agent.market.order.Orders.hours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.Orders;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.review.ReviewFacts.Standing;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** P2-09, P2-10: what was approved stays promised, whatever comes between. */
class PromisesTest {
  private static final Verdict APPROVED = new Verdict.Approved();
  private static final FeederId OTHER_FEEDER = new FeederId("feeder-2");
  private static final Trader OTHER = new Trader("pile-2");
  private static final Trader THIRD = new Trader("pile-3");
  private static final Trader FOURTH = new Trader("pile-4");
  private static final Map<PileId, Published<FeederId>> FEEDER_OF =
      Map.of(
          Orders.pileOf(SELLER), Published.always(FEEDER),
          Orders.pileOf(OTHER), Published.always(FEEDER),
          Orders.pileOf(THIRD), Published.always(OTHER_FEEDER),
          Orders.pileOf(FOURTH), Published.always(OTHER_FEEDER));
  private static final Instant NOW = NOON.minus(Duration.ofHours(1));
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final long RATED_W = 8_000;

  /** Only what was approved is freed, also when somebody says that it was more. */
  @Test
  void anOrderIsReleasedById() {
    ReviewBoard board = board(10_000, ReviewState.NONE);
    assertEquals(APPROVED, review(board, order(1, SELLER, 5_000), NOW));
    assertEquals(APPROVED, review(board, order(2, OTHER, 5_000), NOW));
    board.release(new OrderId(7));
    board.release(new OrderId(1));
    board.release(new OrderId(1));
    assertEquals(rejected(ReviewRule.R5), review(board, order(3, SELLER, 5_001), NOW));
    assertEquals(APPROVED, review(board, order(4, SELLER, 5_000), NOW));
  }

  /** A clock that was an hour ahead has made the board forget what is still promised. */
  @Test
  void nothingIsPromisedWhereSomethingIsForgotten() {
    ReviewBoard board = board(10_000, ReviewState.NONE);
    assertEquals(APPROVED, review(board, order(1, SELLER, 8_000), NOW));
    board.forgetBefore(NOON.plus(Duration.ofHours(1)));
    board.forgetBefore(NOW);
    assertEquals(rejected(ReviewRule.R3), review(board, order(2, OTHER, 8_000), NOW));
    OrderTerms next = Orders.of(3, OTHER, 8_000, hours(1, 2), FEEDER);
    assertEquals(APPROVED, review(board, next, NOW));
    board.release(new OrderId(1));
    assertEquals(
        rejected(ReviewRule.R5),
        review(board, Orders.of(4, SELLER, 2_001, hours(1, 2), FEEDER), NOW));
  }

  @Test
  void otherLimitsAndARestartKeepEveryPromise() {
    ReviewBoard board = board(10_000, ReviewState.NONE);
    assertEquals(APPROVED, review(board, order(1, SELLER, 8_000), NOW));
    assertEquals(rejected(ReviewRule.R2), review(board, order(2, SELLER, 9_000), NOW));
    ReviewBoard restarted = board(10_000, board.state());
    ReviewBoard lower = restarted.with(limits(5_000), ConversionTables.FIRST);
    for (ReviewBoard later : List.of(restarted, lower)) {
      Verdict again = new Verdict.Refused(Verdict.Why.ALREADY_REVIEWED);
      assertEquals(again, review(later, order(1, SELLER, 8_000), NOW));
      assertEquals(again, review(later, order(2, SELLER, 1), NOW));
      assertEquals(rejected(ReviewRule.R5), review(later, order(3, OTHER, 2_001), NOW));
    }
    lower.release(new OrderId(1));
    assertEquals(APPROVED, review(lower, order(4, OTHER, 5_000), NOW));
  }

  @Test
  void aStateThatCannotBeIsRefused() {
    OrderTerms order = order(1, SELLER, 1);
    Instant noTime = ReviewState.NONE.forgotten();
    assertThrows(
        IllegalArgumentException.class, () -> new ReviewState(List.of(order), Set.of(), noTime));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ReviewState(List.of(order, order), Set.of(order.id()), noTime));
  }

  @Test
  void whatWasNeverAddedCannotBeTakenOut() {
    SlotLoad<String> load = new SlotLoad<>(QUARTER);
    load.add("feeder", hours(0, 1), 5);
    assertThrows(IllegalStateException.class, () -> load.remove("feeder", hours(0, 2), 5));
    assertThrows(IllegalStateException.class, () -> load.remove("feeder", hours(1, 2), 6));
  }

  /** What happens to a board. */
  private sealed interface Event {
    record Review(OrderTerms order) implements Event {}

    record Release(OrderId id) implements Event {}

    record Forget(Instant now) implements Event {}

    record Limit(long feederW) implements Event {}

    record Restart() implements Event {}
  }

  @Property(tries = 500)
  void whateverComesNoFeederAndNoPileIsPromisedTooMuch(@ForAll("events") List<Event> events) {
    long feederW = 10_000;
    ReviewBoard board = board(feederW, ReviewState.NONE);
    Map<OrderId, OrderTerms> live = new LinkedHashMap<>();
    String most = "nothing";
    for (Event event : events) {
      switch (event) {
        case Event.Review(OrderTerms order) -> {
          Verdict verdict = review(board, order, NOW);
          if (verdict.equals(APPROVED)) {
            assertTrue(live.put(order.id(), order) == null, "approved twice");
            assertBorne(order, live, feederW);
          } else if (verdict.equals(rejected(ReviewRule.R5))) {
            most = "R5";
          } else if (verdict.equals(rejected(ReviewRule.R6)) && !most.equals("R5")) {
            most = "R6";
          }
        }
        case Event.Release(OrderId id) -> {
          board.release(id);
          live.remove(id);
        }
        case Event.Forget(Instant now) -> board.forgetBefore(now);
        case Event.Limit(long watts) -> {
          feederW = watts;
          board = board.with(limits(watts), ConversionTables.FIRST);
        }
        case Event.Restart() -> board = board(feederW, board.state());
      }
    }
    Statistics.collect(most);
    Statistics.coverage(
        coverage -> {
          coverage.check("R5").percentage(percent -> percent > 10);
          coverage.check("R6").percentage(percent -> percent > 1);
        });
  }

  /** In every quarter of the order that was approved just now. */
  private static void assertBorne(OrderTerms order, Map<OrderId, OrderTerms> live, long feederW) {
    for (Instant quarter = NOON;
        quarter.isBefore(order.window().end());
        quarter = quarter.plus(QUARTER)) {
      if (order.window().start().isBefore(quarter.plus(QUARTER))) {
        DeliveryPoint point = order.point();
        assertTrue(
            power(
                    live,
                    quarter,
                    other ->
                        other.point().feeder().equals(point.feeder())
                            && other.point().direction() == point.direction())
                <= feederW);
        assertTrue(
            power(live, quarter, other -> other.point().pile().equals(point.pile())) <= RATED_W);
        assertTrue(exports(live, quarter, order.seller()) <= 1, "a car is at one pile at a time");
      }
    }
  }

  private static long exports(Map<OrderId, OrderTerms> orders, Instant start, Trader seller) {
    return orders.values().stream()
        .filter(order -> order.seller().equals(seller))
        .filter(order -> order.point().direction() == Direction.EXPORT)
        .filter(order -> order.window().start().isBefore(start.plus(QUARTER)))
        .filter(order -> start.isBefore(order.window().end()))
        .count();
  }

  /** What these orders take in the quarter from {@code start}. */
  private static long power(
      Map<OrderId, OrderTerms> orders, Instant start, Predicate<OrderTerms> counted) {
    return orders.values().stream()
        .filter(counted)
        .filter(order -> order.window().start().isBefore(start.plus(QUARTER)))
        .filter(order -> start.isBefore(order.window().end()))
        .mapToLong(order -> order.window().power(order.energy()))
        .sum();
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<OrderId> ids = Arbitraries.longs().between(0, 60).map(OrderId::new);
    Arbitrary<Event> one =
        Arbitraries.frequencyOf(
            Tuple.of(20, orders().map(Event.Review::new)),
            Tuple.of(3, ids.map(Event.Release::new)),
            Tuple.of(
                1,
                Arbitraries.integers()
                    .between(-60, 90)
                    .map(minute -> new Event.Forget(minute(minute)))),
            Tuple.of(1, Arbitraries.longs().between(0, 12_000).map(Event.Limit::new)),
            Tuple.of(1, Arbitraries.just(new Event.Restart())));
    return one.list().ofMinSize(10).ofMaxSize(60);
  }

  private static Arbitrary<OrderTerms> orders() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 60),
            Arbitraries.of(SELLER, OTHER, THIRD, FOURTH),
            Arbitraries.of(Direction.IMPORT, Direction.IMPORT, Direction.EXPORT),
            Arbitraries.longs().between(100, 4_000),
            Arbitraries.integers().between(0, 110),
            Arbitraries.integers().between(15, 90))
        .as(
            (id, seller, direction, energy, from, length) -> {
              DeliveryWindow window = new DeliveryWindow(minute(from), minute(from + length));
              PileId pile = Orders.pileOf(seller);
              FeederId feeder = Objects.requireNonNull(FEEDER_OF.get(pile)).before();
              return Orders.at(
                  Orders.of(id, seller, energy, window, feeder),
                  new DeliveryPoint(feeder, pile, direction));
            });
  }

  private static Instant minute(int minute) {
    return NOON.plus(Duration.ofMinutes(minute));
  }

  private static OrderTerms order(long id, Trader seller, long energy) {
    return Orders.of(id, seller, energy, hours(0, 1), FEEDER);
  }

  private static Verdict review(ReviewBoard board, OrderTerms order, Instant now) {
    return board.review(
        order,
        new ReviewFacts(Standing.REGISTERED, Standing.REGISTERED, RATED_W, true, order.escrow()),
        now);
  }

  private static Verdict rejected(ReviewRule rule) {
    return new Verdict.Rejected(new RejectionReason.Rule(rule));
  }

  private static ReviewBoard board(long feederW, ReviewState state) {
    return new ReviewBoard(Set.of(AGENCY, GRID), limits(feederW), ConversionTables.FIRST, state);
  }

  private static ReviewLimits limits(long feederW) {
    return new ReviewLimits(
        Duration.ZERO,
        Duration.ofHours(5),
        QUARTER,
        new Amount(300),
        new Amount(400),
        new GridLimits(
            Map.of(FEEDER, Published.always(feederW), OTHER_FEEDER, Published.always(feederW)),
            FEEDER_OF,
            Published.always(List.of())),
        LeastPromise.NONE,
        Set.of(Orders.CHARGES));
  }
}
