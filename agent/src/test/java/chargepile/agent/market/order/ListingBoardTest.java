package chargepile.agent.market.order;

import static chargepile.agent.market.order.Orders.BUYER;
import static chargepile.agent.market.order.Orders.NOON;
import static chargepile.agent.market.order.Orders.SELLER;
import static chargepile.agent.market.order.Orders.hours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.ListingBoard.Refusal;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** P2-05, P2-07. */
class ListingBoardTest {
  private static final ListingId ID = new ListingId(1);
  private static final TradePrice PRICE = new TradePrice(600);
  private static final ListingRate RATE = new ListingRate(2, Duration.ofMinutes(15));

  private final ListingBoard board = new ListingBoard(RATE);

  @Test
  void onlyTheSellerChangesAListing() {
    assertEquals(Optional.empty(), board.publish(listing(ID, 10), NOON));
    assertEquals(Optional.of(Refusal.ID_TAKEN), board.publish(listing(ID, 10), NOON));
    assertEquals(Optional.of(Refusal.NOT_YOURS), board.withdraw(ID, BUYER));
    assertEquals(Optional.of(Refusal.UNKNOWN), board.withdraw(new ListingId(2), SELLER));
    assertEquals(Optional.empty(), amended(0));
    assertEquals(2, board.listing(ID).orElseThrow().version());
    assertEquals(Optional.empty(), board.withdraw(ID, SELLER));
    assertEquals(Optional.of(Refusal.WITHDRAWN), amended(60));
  }

  @Test
  void nobodyPublishesAndAmendsWithoutEnd() {
    assertEquals(Optional.empty(), board.publish(listing(ID, 10), NOON));
    assertEquals(Optional.empty(), amended(5));
    assertEquals(Optional.of(Refusal.TOO_OFTEN), amended(14));
    assertEquals(
        Optional.of(Refusal.TOO_OFTEN),
        board.publish(listing(new ListingId(2), 10), NOON.plus(Duration.ofMinutes(14))));
    assertEquals(Optional.empty(), amended(15));
    assertEquals(Optional.of(Refusal.TOO_OFTEN), amended(19));
    assertEquals(Optional.empty(), amended(20));
    assertThrows(IllegalArgumentException.class, () -> new ListingRate(0, Duration.ofMinutes(1)));
  }

  @Test
  void aRestartKeepsWhatIsPromised() {
    board.publish(listing(ID, 10), NOON);
    OrderTerms order = order(1, new ListingVersion(ID, 1), 8);
    assertEquals(
        Optional.empty(), board.carryOut(new ListingMove.Take(new ListingVersion(ID, 1), order)));
    ListingBoard later = new ListingBoard(RATE, board.listings());
    OrderTerms more = order(2, new ListingVersion(ID, 1), 3);
    assertEquals(
        Optional.of(Listing.Refusal.NOT_ENOUGH),
        later.carryOut(new ListingMove.Take(new ListingVersion(ID, 1), more)));
    later.carryOut(new ListingMove.GiveBack(ID, order.id()));
    assertEquals(new WattHours(10), later.listing(ID).orElseThrow().open());
  }

  /** What happens to the listing or to one of its orders. */
  private sealed interface Event {
    record Amend(long open) implements Event {}

    record Withdraw() implements Event {}

    /** A request for what is listed now. */
    record Request(long id, long energy) implements Event {}

    /** What the order waits for comes. */
    record Advance(long id) implements Event {}

    record Tell(long id, OrderEvent event) implements Event {}
  }

  /** Of each version: what is open, promised and sold is what was offered. */
  @Property(tries = 500)
  void noEnergyIsMadeOrLost(@ForAll("events") List<Event> events) {
    ListingBoard listings = new ListingBoard(new ListingRate(1000, Duration.ofDays(1)));
    listings.publish(listing(ID, 1000), NOON);
    Map<Long, OrderState> orders = new HashMap<>();
    long offered = 1000;
    for (Event event : events) {
      Listing before = listings.listing(ID).orElseThrow();
      switch (event) {
        case Event.Amend(long open) -> {
          if (listings.amend(ID, SELLER, PRICE, new WattHours(open), hours(0, 4), NOON).isEmpty()) {
            offered = open;
          }
        }
        case Event.Withdraw() -> listings.withdraw(ID, SELLER);
        case Event.Request(long id, long energy) ->
            orders.computeIfAbsent(
                id, _ -> Order.request(order(id, before.current(), energy)).next());
        case Event.Advance(long id) ->
            orders.computeIfPresent(id, (_, order) -> told(listings, order, whatItWaitsFor(order)));
        case Event.Tell(long id, OrderEvent other) ->
            orders.computeIfPresent(id, (_, order) -> told(listings, order, other));
      }
      Listing after = listings.listing(ID).orElseThrow();
      long promised =
          after.promised().values().stream()
              .filter(promise -> promise.version() == after.version())
              .mapToLong(promise -> promise.energy().value())
              .sum();
      long sold =
          orders.values().stream()
              .filter(ListingBoardTest::isSettled)
              .filter(order -> order.terms().listing().equals(Optional.of(after.current())))
              .mapToLong(order -> order.terms().energy().value())
              .sum();
      assertEquals(offered, after.open().value() + promised + sold);
      assertEquals(
          orders.values().stream()
              .filter(OrderState::holdsEnergy)
              .map(order -> order.terms().id())
              .collect(Collectors.toSet()),
          after.promised().keySet());
    }
    Statistics.collect(
        orders.values().stream().anyMatch(ListingBoardTest::isSettled) ? "sold" : "none");
    Statistics.coverage(coverage -> coverage.check("sold").percentage(percent -> percent > 10));
  }

  /** The order after an event; as before where the listing refuses what it asks for. */
  private static OrderState told(ListingBoard listings, OrderState order, OrderEvent event) {
    OrderStep step = Order.on(order, event);
    return step.listing().flatMap(listings::carryOut).isEmpty() ? step.next() : order;
  }

  private static OrderEvent whatItWaitsFor(OrderState order) {
    return switch (order) {
      case OrderState.Requested _ -> new OrderEvent.Confirm(SELLER);
      case OrderState.Confirmed confirmed ->
          new OrderEvent.Sign(confirmed.buyerSigned() ? SELLER : BUYER);
      case OrderState.Established _ -> new OrderEvent.Approve();
      case OrderState.Approved _ -> new OrderEvent.Recorded();
      case OrderState.Recorded _ -> new OrderEvent.Begin();
      default -> new OrderEvent.Metered(new Metering(WattHours.ZERO, WattHours.ZERO, Amount.ZERO));
    };
  }

  private static boolean isSettled(OrderState order) {
    return order instanceof OrderState.Settled || order instanceof OrderState.Defaulted;
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Long> ids = Arbitraries.longs().between(0, 3);
    Arbitrary<OrderEvent> others =
        Arbitraries.of(
            new OrderEvent.Confirm(SELLER),
            new OrderEvent.Refuse(SELLER),
            new OrderEvent.Reject(new RejectionReason.Rule(ReviewRule.R5)),
            new OrderEvent.DeadlinePassed(OrderDeadline.SIGNATURES),
            new OrderEvent.DeadlinePassed(OrderDeadline.REVIEW),
            new OrderEvent.DeadlinePassed(OrderDeadline.RECORD),
            new OrderEvent.DeadlinePassed(OrderDeadline.EVIDENCE));
    Arbitrary<Event> one =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.longs().between(0, 500).map(Event.Amend::new)),
            Tuple.of(
                6,
                Combinators.combine(ids, Arbitraries.longs().between(1, 300))
                    .as(Event.Request::new)),
            Tuple.of(20, ids.map(Event.Advance::new)),
            Tuple.of(3, Combinators.combine(ids, others).as(Event.Tell::new)));
    Arbitrary<List<Event>> open = one.list().ofMinSize(20).ofMaxSize(120);
    return Combinators.combine(open, one.list().ofMaxSize(20), Arbitraries.of(true, false))
        .as(
            (before, after, withdrawn) -> {
              List<Event> all = new ArrayList<>(before);
              if (withdrawn) {
                all.add(new Event.Withdraw());
              }
              all.addAll(after);
              return all;
            });
  }

  private Optional<Refusal> amended(int minute) {
    return board.amend(
        ID, SELLER, PRICE, new WattHours(5), hours(0, 4), NOON.plus(Duration.ofMinutes(minute)));
  }

  private static Listing listing(ListingId id, long open) {
    return Listing.publish(
        id,
        SELLER,
        PRICE,
        EnergyType.ELECTRICITY,
        new WattHours(open),
        hours(0, 4),
        ByteVector32.Zeroes);
  }

  private static OrderTerms order(long id, ListingVersion listing, long energy) {
    return Orders.listed(Orders.of(id, SELLER, energy, hours(0, 1), Orders.FEEDER), listing);
  }
}
