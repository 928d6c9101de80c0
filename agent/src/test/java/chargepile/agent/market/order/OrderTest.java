package chargepile.agent.market.order;

import static chargepile.agent.market.order.Orders.BUYER;
import static chargepile.agent.market.order.Orders.GRID;
import static chargepile.agent.market.order.Orders.SELLER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.EscrowMove.Lock;
import chargepile.agent.market.order.EscrowMove.Release;
import chargepile.agent.market.order.OrderStep.Refusal;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** P2-06 to P2-12. */
class OrderTest {
  private static final OrderTerms TERMS = Orders.order();
  private static final OrderEvent CONFIRM = new OrderEvent.Confirm(SELLER);
  private static final OrderEvent BUYER_SIGNS = new OrderEvent.Sign(BUYER);
  private static final OrderEvent SELLER_SIGNS = new OrderEvent.Sign(SELLER);
  private static final OrderEvent APPROVE = new OrderEvent.Approve();
  private static final OrderEvent RECORDED = new OrderEvent.Recorded();
  private static final OrderEvent BEGIN = new OrderEvent.Begin();

  private static final Settlement NOTHING =
      Settlement.of(TERMS, new Metering(WattHours.ZERO, WattHours.ZERO, Amount.ZERO));
  private static final RejectionReason REASON = new RejectionReason.Rule(ReviewRule.R1);

  /** One of each; the confirmed one waits for the seller's signature. */
  private static final List<OrderState> STATES =
      List.of(
          new OrderState.Requested(TERMS),
          new OrderState.Confirmed(TERMS, true, false),
          new OrderState.Refused(TERMS),
          new OrderState.Established(TERMS),
          new OrderState.Approved(TERMS),
          new OrderState.Rejected(TERMS, REASON),
          new OrderState.Expired(TERMS, OrderDeadline.REVIEW),
          new OrderState.Recorded(TERMS),
          new OrderState.Executing(TERMS),
          new OrderState.Settled(TERMS, NOTHING),
          new OrderState.Defaulted(TERMS, NOTHING));

  /** One of each, all from the seller, and every deadline. */
  private static final List<OrderEvent> EVENTS =
      Stream.concat(
              Stream.of(
                  CONFIRM,
                  new OrderEvent.Refuse(SELLER),
                  SELLER_SIGNS,
                  APPROVE,
                  new OrderEvent.Reject(REASON),
                  RECORDED,
                  BEGIN,
                  metered(10_000, 10_000, 0)),
              Arrays.stream(OrderDeadline.values()).map(OrderEvent.DeadlinePassed::new))
          .toList();

  @Test
  void theRequestLocksThePriceAndTheBuyersDefaultAmount() {
    OrderStep step = Order.request(TERMS);
    assertEquals(new OrderState.Requested(TERMS), step.next());
    assertEquals(List.of(new Lock(BUYER, new Amount(3500))), step.moves());
  }

  @Test
  void theConfirmationLocksTheSellersDefaultAmount() {
    OrderStep step = Order.on(new OrderState.Requested(TERMS), CONFIRM);
    assertEquals(new OrderState.Confirmed(TERMS, false, false), step.next());
    assertEquals(List.of(new Lock(SELLER, new Amount(500))), step.moves());
  }

  @Test
  void onlyTheSellerAnswers() {
    OrderState requested = new OrderState.Requested(TERMS);
    assertRefused(Refusal.NOT_THE_SELLER, requested, new OrderEvent.Confirm(BUYER));
    assertRefused(Refusal.NOT_THE_SELLER, requested, new OrderEvent.Refuse(BUYER));
    OrderStep refusal = Order.on(requested, new OrderEvent.Refuse(SELLER));
    assertEquals(new OrderState.Refused(TERMS), refusal.next());
    assertEquals(List.of(new Release(BUYER, new Amount(3500))), refusal.moves());
  }

  @Test
  void itIsEstablishedOnceBothHaveSigned() {
    OrderState confirmed = reached(CONFIRM);
    assertRefused(Refusal.NOT_A_PARTY, confirmed, new OrderEvent.Sign(GRID));
    assertRefused(Refusal.OUT_OF_TURN, confirmed, APPROVE);
    assertEquals(
        new OrderState.Confirmed(TERMS, true, false), reached(CONFIRM, BUYER_SIGNS, BUYER_SIGNS));
    assertEquals(new OrderState.Established(TERMS), reached(CONFIRM, SELLER_SIGNS, BUYER_SIGNS));
  }

  @Test
  void aRejectionSaysWhyAndRefundsBoth() {
    OrderState established = reached(CONFIRM, BUYER_SIGNS, SELLER_SIGNS);
    RejectionReason reason = new RejectionReason.Veto(VetoReason.MAINTENANCE);
    OrderStep step = Order.on(established, new OrderEvent.Reject(reason));
    assertEquals(new OrderState.Rejected(TERMS, reason), step.next());
    assertRefunded(step);
  }

  @Test
  void anAgencyThatIsSilentBlocksNothing() {
    OrderState established = reached(CONFIRM, BUYER_SIGNS, SELLER_SIGNS);
    OrderStep step = Order.on(established, new OrderEvent.DeadlinePassed(OrderDeadline.REVIEW));
    assertEquals(new OrderState.Expired(TERMS, OrderDeadline.REVIEW), step.next());
    assertRefunded(step);
    assertRefused(Refusal.OVER, step.next(), APPROVE);
  }

  @Test
  void anOrderIsApprovedOnce() {
    OrderState approved = reached(CONFIRM, BUYER_SIGNS, SELLER_SIGNS, APPROVE);
    assertRefused(Refusal.OUT_OF_TURN, approved, APPROVE);
    assertRefused(
        Refusal.OUT_OF_TURN,
        approved,
        new OrderEvent.Reject(new RejectionReason.Rule(ReviewRule.R5)));
  }

  @ParameterizedTest
  @EnumSource(OrderDeadline.class)
  void aDeadlineOfAnotherStageDoesNothing(OrderDeadline deadline) {
    OrderState approved = reached(CONFIRM, BUYER_SIGNS, SELLER_SIGNS, APPROVE);
    OrderStep step = Order.on(approved, new OrderEvent.DeadlinePassed(deadline));
    assertEquals(Optional.empty(), step.refusal());
    assertEquals(deadline == OrderDeadline.RECORD, !step.next().equals(approved));
  }

  /** Every event in every state: what is not in this table is refused and changes nothing. */
  @ParameterizedTest
  @CsvSource({
    "Requested, Confirm, Confirmed",
    "Requested, Refuse, Refused",
    "Requested, CONFIRMATION, Expired",
    "Confirmed, Sign, Established",
    "Confirmed, SIGNATURES, Expired",
    "Established, Approve, Approved",
    "Established, Reject, Rejected",
    "Established, REVIEW, Expired",
    "Approved, Recorded, Recorded",
    "Approved, RECORD, Expired",
    "Recorded, Begin, Executing",
    "Recorded, Metered, Settled",
    "Recorded, EVIDENCE, Defaulted",
    "Executing, Metered, Settled",
    "Executing, EVIDENCE, Defaulted",
  })
  void anEventLeadsOn(String from, String event, String to) {
    OrderStep step = Order.on(state(from), event(event));
    assertEquals(to, step.next().getClass().getSimpleName());
    assertEquals(Optional.empty(), step.refusal());
    assertEquals(
        step.next().escrow().total().value() - state(from).escrow().total().value(),
        net(step.moves()));
  }

  @Test
  void everyOtherEventInEveryStateChangesNothing() {
    int others = 0;
    for (OrderState state : STATES) {
      for (OrderEvent event : EVENTS) {
        OrderStep step = Order.on(state, event);
        if (step.next().equals(state)) {
          others++;
          assertEquals(List.of(), step.moves());
          Optional<Refusal> expected =
              event instanceof OrderEvent.DeadlinePassed
                  ? Optional.empty()
                  : Optional.of(state.waitsFor().isEmpty() ? Refusal.OVER : Refusal.OUT_OF_TURN);
          assertEquals(expected, step.refusal(), () -> state + " " + event);
        }
      }
    }
    assertEquals(STATES.size() * EVENTS.size() - 15, others);
  }

  @Property(tries = 1000)
  void whateverHappensTheEscrowIsWhatTheStateSays(@ForAll("events") List<OrderEvent> events) {
    OrderStep step = Order.request(TERMS);
    long held = net(step.moves());
    for (OrderEvent event : events) {
      OrderState before = step.next();
      step = Order.on(before, event);
      held += net(step.moves());
      assertEquals(step.next().escrow().total(), new Amount(held));
      if (step.refusal().isPresent()) {
        assertEquals(before, step.next());
        assertEquals(List.of(), step.moves());
      }
      if (before.waitsFor().isEmpty()) {
        assertEquals(before, step.next());
      }
    }
  }

  @Provide
  Arbitrary<List<OrderEvent>> events() {
    // Somewhere on the way to a settlement anything may happen.
    List<OrderEvent> way = List.of(CONFIRM, BUYER_SIGNS, SELLER_SIGNS, APPROVE, RECORDED, BEGIN);
    return Combinators.combine(Arbitraries.integers().between(0, way.size()), anyEvents())
        .as((steps, others) -> Stream.concat(way.stream().limit(steps), others.stream()).toList());
  }

  private Arbitrary<List<OrderEvent>> anyEvents() {
    Arbitrary<Trader> traders = Arbitraries.of(SELLER, BUYER, GRID);
    return Arbitraries.oneOf(
            traders.map(OrderEvent.Confirm::new),
            traders.map(OrderEvent.Sign::new),
            traders.map(OrderEvent.Sign::new),
            Arbitraries.of(APPROVE, RECORDED, BEGIN),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                    2, meterings().map(metering -> (OrderEvent) new OrderEvent.Metered(metering))),
                net.jqwik.api.Tuple.of(
                    1,
                    Arbitraries.of(OrderDeadline.class)
                        .map(deadline -> (OrderEvent) new OrderEvent.DeadlinePassed(deadline))),
                net.jqwik.api.Tuple.of(
                    1,
                    Arbitraries.of(
                        new OrderEvent.Refuse(SELLER),
                        new OrderEvent.Reject(new RejectionReason.Rule(ReviewRule.R1))))))
        .list()
        .ofMaxSize(25);
  }

  static Arbitrary<Metering> meterings() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 13_000),
            Arbitraries.longs().between(0, 13_000),
            Arbitraries.longs().between(0, 5000))
        .as(
            (one, other, paid) ->
                new Metering(
                    new WattHours(Math.max(one, other)),
                    new WattHours(Math.min(one, other)),
                    new Amount(paid)));
  }

  private static OrderState state(String name) {
    return STATES.stream()
        .filter(state -> state.getClass().getSimpleName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static OrderEvent event(String name) {
    return EVENTS.stream()
        .filter(
            event ->
                event instanceof OrderEvent.DeadlinePassed(OrderDeadline deadline)
                    ? deadline.name().equals(name)
                    : event.getClass().getSimpleName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static OrderState reached(OrderEvent... events) {
    OrderStep step = Order.request(TERMS);
    for (OrderEvent event : events) {
      step = Order.on(step.next(), event);
      assertEquals(Optional.empty(), step.refusal());
    }
    return step.next();
  }

  static OrderEvent metered(long available, long taken, long paid) {
    return new OrderEvent.Metered(
        new Metering(new WattHours(available), new WattHours(taken), new Amount(paid)));
  }

  private static void assertRefunded(OrderStep step) {
    assertEquals(
        List.of(new Release(BUYER, new Amount(3500)), new Release(SELLER, new Amount(500))),
        step.moves());
  }

  private static void assertRefused(Refusal why, OrderState state, OrderEvent event) {
    assertEquals(
        new OrderStep(state, List.of(), Optional.empty(), Optional.of(why)),
        Order.on(state, event));
  }

  private static long net(List<EscrowMove> moves) {
    return moves.stream()
        .mapToLong(
            move ->
                switch (move) {
                  case Lock(Trader _, Amount amount) -> amount.value();
                  case Release(Trader _, Amount amount) -> -amount.value();
                })
        .sum();
  }
}
