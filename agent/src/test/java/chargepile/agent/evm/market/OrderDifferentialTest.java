package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.Wei;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EscrowMove;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.Order;
import chargepile.agent.market.order.OrderEvent;
import chargepile.agent.market.order.OrderState;
import chargepile.agent.market.order.OrderStep;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MeteringAgreed;
import chargepile.agent.market.review.GridLimits;
import chargepile.agent.market.review.LeastPromise;
import chargepile.agent.market.review.LineLimit;
import chargepile.agent.market.review.Published;
import chargepile.agent.market.review.ReviewBoard;
import chargepile.agent.market.review.ReviewFacts;
import chargepile.agent.market.review.ReviewFacts.Standing;
import chargepile.agent.market.review.ReviewLimits;
import chargepile.agent.market.review.Verdict;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The same orders through the model and through the contracts: the same states, refusals, verdicts,
 * settlements and balances, and no unit is made or lost (P2-06 to P2-12, P2-19).
 */
@SuppressWarnings("NullAway.Init") // the test opens the chain first
class OrderDifferentialTest {
  private static final int ORDERS = 30;
  private static final int CROWDS = 2;
  private static final int MOST_STEPS = 14;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Random random = new Random(42);
  private final Set<String> ends = new TreeSet<>();
  private final Set<String> verdicts = new TreeSet<>();
  private final Set<String> refusals = new TreeSet<>();
  private final Map<Trader, Long> ledger = new HashMap<>();
  private final List<Life> lives = new ArrayList<>();
  private final Set<MarketChain.Member> suspended = new HashSet<>();
  private MarketChain chain;
  private ReviewBoard board;

  @Test
  void modelAndContractsCarryEveryOrderToTheSameEnd() throws Exception {
    try (MarketChain opened = MarketChain.open()) {
      chain = opened;
      board = model();
      for (EvmAddress account : accounts()) {
        ledger.put(ChainNames.trader(account), chain.balance(account).value());
      }
      for (int i = 1; i <= ORDERS; i++) {
        new Life(terms(i), isStraight(i)).run();
      }
      for (int i = 1; i <= CROWDS; i++) {
        crowd(ORDERS + 2L * i + 2);
      }
      carAtTwoPlaces();
      lines();
      revoked();
    }
    assertTrue(
        ends.containsAll(Set.of("REFUSED", "REJECTED", "EXPIRED", "SETTLED", "DEFAULTED")),
        () -> "" + ends);
    assertTrue(
        verdicts.containsAll(
            Set.of("approved", "R1", "R2", "R3", "R4", "R6", "R7", "R8", "R9", "R10")),
        "" + verdicts);
    assertTrue(verdicts.contains("R5"), "" + verdicts);
    assertTrue(
        refusals.containsAll(Set.of("NotTheSeller", "NotAParty", "OutOfTurn", "Over")),
        "" + refusals);
  }

  private List<EvmAddress> accounts() {
    return List.of(
        chain.seller.account(),
        chain.otherSeller.account(),
        chain.buyer.account(),
        chain.otherBuyer.account(),
        chain.grid.account(),
        chain.agency.account());
  }

  private ReviewBoard model() {
    Trader agency = ChainNames.trader(chain.agency.account());
    return new ReviewBoard(
        Set.of(agency, ChainNames.trader(chain.grid.account())),
        limits(Published.always(List.of())),
        ConversionTables.FIRST);
  }

  private ReviewLimits limits(Published<List<LineLimit>> lines) {
    AgencyLimits published = MarketChain.LIMITS;
    Trader agency = ChainNames.trader(chain.agency.account());
    return new ReviewLimits(
        published.lead(),
        published.horizon(),
        MarketChain.SLOT,
        published.floor(),
        published.cap(),
        new GridLimits(
            Map.of(
                MarketChain.FEEDER, Published.always(MarketChain.RATED_W),
                MarketChain.OTHER_FEEDER, Published.always(MarketChain.RATED_W)),
            Map.of(
                ChainNames.pile(chain.seller.id()), Published.always(MarketChain.FEEDER),
                ChainNames.pile(chain.otherSeller.id()),
                    Published.always(MarketChain.OTHER_FEEDER)),
            lines),
        new LeastPromise(
            published.leastDefaultRate(),
            published.mostTolerance(),
            published.leastEnergy(),
            published.leastWindow()),
        Set.of(new Charges(published.fees(), ChainNames.trader(chain.grid.account()), agency)));
  }

  /** Whether an order goes straight to its review, for which it is as it should be or not. */
  private static boolean isStraight(long id) {
    return id % 2 == 0;
  }

  /** What is approved, or with one thing wrong. */
  private ContractTerms terms(long id) {
    boolean exported = random.nextInt(6) == 0;
    MarketChain.Member pile = random.nextBoolean() ? chain.seller : chain.otherSeller;
    MarketChain.Member car = random.nextBoolean() ? chain.buyer : chain.otherBuyer;
    MarketOrders order =
        exported ? MarketOrders.of(chain, car, pile).exported() : MarketOrders.of(chain, pile, car);
    order.energy(1000 + random.nextInt(6000)).price(600 + random.nextInt(200));
    Instant start = chain.now().plus(Duration.ofMinutes(75 + random.nextInt(60)));
    Duration length = Duration.ofMinutes(30 + random.nextInt(60));
    order.window(new DeliveryWindow(start, start.plus(length)));
    switch (isStraight(id) ? (int) (id / 2 % 9) : -1) {
      case 0 -> order.energy(20_000);
      case 1 -> order.window(new DeliveryWindow(start.minusSeconds(3600), start));
      case 2 -> order.price(599);
      case 3 -> order.quantity(1);
      case 4 -> order.fees(new RevenueSplit.Fees(299, 50));
      case 5 -> order.onDefault(new DefaultRule(new Amount(500), new Amount(100), 2001));
      case 6 -> order.meter(EvmSignature.address(chain.stranger.meter().publicKey()));
      default -> {}
    }
    return order.id(id);
  }

  /** An order that is promised power, and another that wants more than is left of it. */
  private void crowd(long id) {
    MarketChain.Member pile = id % 8 == 0 ? chain.seller : chain.otherSeller;
    DeliveryWindow window = MarketOrders.hour(chain, 2);
    Life first =
        new Life(
            MarketOrders.of(chain, pile, chain.buyer).energy(6000).window(window).id(id + 1), true);
    first.ask();
    while (first.isBeforeReview()) {
      first.proceed();
    }
    new Life(
            MarketOrders.of(chain, pile, chain.otherBuyer)
                .energy(id % 4 == 0 ? 4001 : 4000)
                .window(window)
                .id(id),
            true)
        .run();
    first.expire();
    first.assertSame();
  }

  /** R6: a car that exports at one pile can't at another in the same time. */
  private void carAtTwoPlaces() {
    DeliveryWindow window = MarketOrders.hour(chain, 2);
    Life first = promised(exported(chain.seller, window).id(101));
    new Life(exported(chain.otherSeller, window).id(102), true).run();
    new Life(
            exported(chain.otherSeller, new DeliveryWindow(window.end(), window.end().plus(HOUR)))
                .id(103),
            true)
        .run();
    first.end();
  }

  private MarketOrders exported(MarketChain.Member pile, DeliveryWindow window) {
    return MarketOrders.of(chain, chain.buyer, pile).exported().energy(3000).window(window);
  }

  /** R9: what both feeders bear by themselves is too much for the line that feeds them. */
  private void lines() {
    List<LineLimit> lines =
        List.of(
            new LineLimit(
                "line-1",
                Map.of(MarketChain.FEEDER, 1_000_000L, MarketChain.OTHER_FEEDER, 500_000L),
                7_000));
    EvmReceipt published =
        chain.done(chain.agency, chain.board.publishLimits("lines", MarketChain.LIMITS, lines));
    Instant from = chain.now().plus(MarketChain.NOTICE);
    assertTrue(published.success());
    board = board.with(limits(new Published<>(List.of(), from, lines)), ConversionTables.FIRST);
    // in force before the delivery ends, then at once
    for (int i = 0; i < 2; i++) {
      DeliveryWindow window = MarketOrders.hour(chain, 2);
      Life first = promised(of(chain.seller, chain.buyer, 6000).window(window).id(110 + 4 * i));
      new Life(of(chain.otherSeller, chain.otherBuyer, 2002).window(window).id(111 + 4 * i), true)
          .run();
      new Life(of(chain.otherSeller, chain.otherBuyer, 2000).window(window).id(112 + 4 * i), true)
          .run();
      first.end();
      Instant later = from.plusSeconds(1);
      if (chain.now().isBefore(later)) {
        chain.at(later);
      }
    }
  }

  /** R1: a party whose key the centre has revoked. */
  private void revoked() {
    Life order =
        new Life(
            of(chain.seller, chain.otherBuyer, 2000).window(MarketOrders.hour(chain, 2)).id(120),
            true);
    order.ask();
    while (order.state instanceof OrderState.Requested
        || order.state instanceof OrderState.Confirmed) {
      order.proceed();
    }
    EvmSignature unread = MarketOrders.signed(chain, chain.centre, order.terms);
    chain.anvil.setBalance(chain.centre.account(), Wei.ofGwei(1_000_000_000L));
    var unused = chain.done(chain.centre, chain.registry.revoke(chain.otherBuyer.id(), 1, unread));
    suspended.add(chain.otherBuyer);
    order.proceed();
    order.live();
  }

  private MarketOrders of(MarketChain.Member pile, MarketChain.Member car, long wattHours) {
    return MarketOrders.of(chain, pile, car).energy(wattHours);
  }

  /** An order that is approved, and waits. */
  private Life promised(ContractTerms terms) {
    Life life = new Life(terms, true);
    life.ask();
    while (life.isBeforeReview()) {
      life.proceed();
    }
    assertEquals("APPROVED", name(life.state));
    return life;
  }

  /** An order on both sides. */
  private final class Life {
    private final ContractTerms terms;
    private final MarketChain.Member seller;
    private final MarketChain.Member buyer;
    private final boolean straight;
    private OrderState state;

    Life(ContractTerms terms, boolean straight) {
      this.terms = terms;
      this.seller = MarketOrders.member(chain, terms.seller());
      this.buyer = MarketOrders.member(chain, terms.buyer());
      this.straight = straight;
      this.state = Order.request(terms.order()).next();
    }

    void ask() {
      moved(Order.request(terms.order()));
      lives.add(this);
      var unused = chain.done(buyer, MarketOrders.request(chain, terms));
      assertSame();
    }

    private boolean isBeforeReview() {
      return switch (state) {
        case OrderState.Requested _, OrderState.Confirmed _, OrderState.Established _ -> true;
        default -> false;
      };
    }

    void run() {
      ask();
      if (!straight) {
        confirm(buyer); // it is the seller's to say
        assertSame();
      }
      while (straight && isBeforeReview()) {
        proceed();
        assertSame();
      }
      live();
    }

    void live() {
      for (int i = 0; i < MOST_STEPS && state.waitsFor().isPresent(); i++) {
        step();
        assertSame();
      }
      if (state.waitsFor().isPresent()) {
        expire();
        assertSame();
      }
      step(); // nothing happens to what is over
      assertSame();
      ends.add(name(state));
      release();
    }

    /** As the contract does it by itself when an order ends early. */
    private void release() {
      if (!(state instanceof OrderState.Rejected)
          && chain.now().isBefore(terms.order().window().end())) {
        board.release(terms.order().id());
      }
    }

    private void step() {
      switch (random.nextInt(10)) {
        case 0 -> confirm(anybody());
        case 1 -> refuse(random.nextInt(3) == 0 ? seller : anybody());
        case 2 -> sign(anybody());
        case 3 -> settle();
        case 4 -> expire();
        default -> proceed();
      }
    }

    private MarketChain.Member anybody() {
      return List.of(seller, buyer, chain.stranger).get(random.nextInt(3));
    }

    private void proceed() {
      switch (state) {
        case OrderState.Requested _ -> confirm(seller);
        case OrderState.Confirmed confirmed -> {
          if (!straight) {
            sign(chain.stranger);
          }
          sign(confirmed.buyerSigned() ? seller : buyer);
        }
        case OrderState.Established _ -> review();
        case OrderState.Approved _ ->
            same(chain.stranger, chain.orders.record(terms), new OrderEvent.Recorded());
        case OrderState.Recorded _ -> {
          if (random.nextBoolean()) {
            chain.at(later(terms.order().window().start()));
            same(seller, chain.orders.begin(terms), new OrderEvent.Begin());
          } else {
            settle();
          }
        }
        case OrderState.Executing _ -> settle();
        case OrderState.Refused _,
            OrderState.Rejected _,
            OrderState.Expired _,
            OrderState.Settled _,
            OrderState.Defaulted _ ->
            same(chain.stranger, chain.orders.record(terms), new OrderEvent.Recorded());
      }
    }

    private Instant later(Instant time) {
      Instant next = chain.now().plusSeconds(1);
      return time.isAfter(next) ? time : next;
    }

    private void confirm(MarketChain.Member by) {
      same(
          by,
          chain.orders.confirm(terms, Optional.empty(), Optional.empty()),
          new OrderEvent.Confirm(ChainNames.trader(by.account())));
    }

    private void refuse(MarketChain.Member by) {
      same(by, chain.orders.refuse(terms), new OrderEvent.Refuse(ChainNames.trader(by.account())));
    }

    private void sign(MarketChain.Member by) {
      same(by, chain.orders.sign(terms), new OrderEvent.Sign(ChainNames.trader(by.account())));
    }

    private void review() {
      if (!straight && random.nextInt(3) == 0) {
        VetoReason why =
            List.of(VetoReason.values()).get(random.nextInt(VetoReason.values().length));
        verdicts.add("veto");
        Verdict verdict = board.veto(terms.order(), why);
        assertEquals(new Verdict.Rejected(new RejectionReason.Veto(why)), verdict);
        same(
            chain.agency,
            chain.board.veto(chain.orders.address(), terms, why),
            new OrderEvent.Reject(new RejectionReason.Veto(why)));
        return;
      }
      ReviewFacts facts =
          new ReviewFacts(
              standing(seller),
              standing(buyer),
              MarketChain.RATED_W,
              terms.meter().equals(MarketOrders.meterOf(chain, terms)),
              state.escrow());
      Verdict verdict = board.review(terms.order(), facts, chain.now());
      TransactionIntent review =
          chain.board.review(
              chain.orders.address(),
              terms,
              chain.board.publications(chain.head(), chain.since),
              MarketOrders.metering(chain, terms).meter().publicKey());
      switch (verdict) {
        case Verdict.Approved _ -> {
          verdicts.add("approved");
          same(chain.agency, review, new OrderEvent.Approve());
        }
        case Verdict.Rejected(RejectionReason reason) -> {
          verdicts.add(reason instanceof RejectionReason.Rule(var rule) ? rule.name() : "veto");
          same(chain.agency, review, new OrderEvent.Reject(reason));
        }
        case Verdict.Refused(Verdict.Why why) -> throw new AssertionError(why);
      }
    }

    private Standing standing(MarketChain.Member party) {
      return suspended.contains(party) ? Standing.SUSPENDED : Standing.REGISTERED;
    }

    void end() {
      expire();
      assertSame();
    }

    private void settle() {
      long ordered = terms.order().energy().value();
      long taken = random.nextInt(4) == 0 ? ordered : random.nextLong(ordered * 6 / 5);
      Metering metering =
          new Metering(
              new WattHours(taken + random.nextLong(ordered)),
              new WattHours(taken),
              new Amount(random.nextBoolean() ? 0 : random.nextInt(2000)));
      MeteringAgreed said = new MeteringAgreed(terms.key(), metering);
      same(
          chain.stranger,
          chain.orders.settle(
              terms,
              metering,
              Optional.of(MarketOrders.signed(chain, buyer, said)),
              Optional.of(MarketOrders.signed(chain, seller, said))),
          new OrderEvent.Metered(metering));
    }

    private void expire() {
      OrderStanding standing = chain.orders.order(terms.key(), BlockRef.LATEST);
      if (state.waitsFor().isEmpty()) {
        assertEquals(Optional.empty(), standing.deadline());
        return;
      }
      Instant deadline = standing.deadline().orElseThrow();
      if (!chain.now().isAfter(deadline)) {
        String early = chain.refusal(chain.stranger, chain.orders.expire(terms)).orElseThrow();
        assertTrue(early.startsWith("TooEarly"), early);
        chain.at(later(deadline.plusSeconds(1)));
      }
      if (state instanceof OrderState.Approved) {
        board.release(terms.order().id());
      }
      same(
          chain.stranger,
          chain.orders.expire(terms),
          new OrderEvent.DeadlinePassed(state.waitsFor().orElseThrow()));
    }

    /** Both do it, or neither and for the same reason. */
    private void same(MarketChain.Member by, TransactionIntent intent, OrderEvent event) {
      OrderStep step = Order.on(state, event);
      Optional<String> words = Optional.empty();
      try {
        assertSaid(chain.done(by, intent), step.next());
      } catch (RevertedException e) {
        words = Optional.of(e.reason().replaceAll("\\(.*", ""));
        refusals.add(words.get());
      }
      assertEquals(step.refusal().map(Life::words), words, () -> intent + " in " + name(state));
      state = step.next();
      moved(step);
    }

    private static String words(OrderStep.Refusal refusal) {
      return switch (refusal) {
        case NOT_THE_SELLER -> "NotTheSeller";
        case NOT_A_PARTY -> "NotAParty";
        case OUT_OF_TURN -> "OutOfTurn";
        case OVER -> "Over";
      };
    }

    /** What the logs tell is what the model says. */
    private void assertSaid(EvmReceipt receipt, OrderState next) {
      for (var log : receipt.logs()) {
        switch (chain.orders.decode(log).orElse(null)) {
          case OrderLog.Settled settled -> assertEquals(settlement(next), settled.settlement());
          case OrderLog.Rejected rejected ->
              assertEquals(((OrderState.Rejected) next).reason(), rejected.reason());
          case OrderLog.Requested asked -> assertEquals(Optional.of(terms), asked.terms());
          case null, default -> {}
        }
      }
    }

    private static Settlement settlement(OrderState state) {
      return switch (state) {
        case OrderState.Settled settled -> settled.settlement();
        case OrderState.Defaulted defaulted -> defaulted.settlement();
        default -> throw new AssertionError(state);
      };
    }

    private void assertSame() {
      OrderStanding standing = chain.orders.order(terms.key(), BlockRef.LATEST);
      assertEquals(name(state), standing.status().name());
      assertEquals(state.escrow(), standing.escrow());
      if (state instanceof OrderState.Confirmed confirmed) {
        assertEquals(confirmed.buyerSigned(), standing.buyerSigned());
        assertEquals(confirmed.sellerSigned(), standing.sellerSigned());
      }
      long owed = 0;
      for (EvmAddress account : accounts()) {
        long waits = chain.orders.owed(account, BlockRef.LATEST).value();
        owed += waits;
        assertEquals(
            ledger.get(ChainNames.trader(account)),
            chain.balance(account).value() + waits,
            () -> "the balance of " + account);
      }
      assertEquals(
          chain.balance(chain.orders.address()).value(),
          owed + lives.stream().mapToLong(life -> life.state.escrow().total().value()).sum(),
          "the order book holds what is in escrow and what is owed, and no more");
    }
  }

  private void moved(OrderStep step) {
    for (EscrowMove move : step.moves()) {
      switch (move) {
        case EscrowMove.Lock(Trader from, Amount amount) ->
            ledger.merge(from, -amount.value(), Long::sum);
        case EscrowMove.Release(Trader to, Amount amount) ->
            ledger.merge(to, amount.value(), Long::sum);
      }
    }
  }

  private static String name(OrderState state) {
    return state.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
