package chargepile.agent.market.review;

import static chargepile.agent.market.order.Orders.AGENCY;
import static chargepile.agent.market.order.Orders.BUYER;
import static chargepile.agent.market.order.Orders.FEEDER;
import static chargepile.agent.market.order.Orders.GRID;
import static chargepile.agent.market.order.Orders.NOON;
import static chargepile.agent.market.order.Orders.SELLER;
import static chargepile.agent.market.order.Orders.hours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.Quote;
import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.Orders;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.review.ReviewFacts.Standing;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** P2-09, P2-10, P2-19. */
class ReviewBoardTest {
  private static final Verdict APPROVED = new Verdict.Approved();
  private static final FeederId OTHER_FEEDER = new FeederId("feeder-2");
  private static final Trader OTHER = new Trader("pile-2");

  /** An hour before the delivery. */
  private static final Instant NOW = NOON.minus(Duration.ofHours(1));

  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final OrderTerms ORDER = Orders.order();

  /** Exactly what {@link #ORDER} needs in every rule. */
  private static final ReviewLimits LIMITS = limits(10_000, 10_000);

  private static final ReviewFacts FACTS = facts(Standing.REGISTERED, 10_000);

  @Test
  void whatJustFitsEveryRuleIsApproved() {
    assertEquals(APPROVED, review(ORDER, FACTS, LIMITS, NOW));
  }

  @ParameterizedTest
  @EnumSource(value = Standing.class, names = "REGISTERED", mode = EnumSource.Mode.EXCLUDE)
  void r1BothAreRegisteredAndNotSuspended(Standing standing) {
    Escrow escrow = ORDER.escrow();
    assertBroken(
        ReviewRule.R1, ORDER, new ReviewFacts(standing, Standing.REGISTERED, 10_000, true, escrow));
    assertBroken(
        ReviewRule.R1, ORDER, new ReviewFacts(Standing.REGISTERED, standing, 10_000, true, escrow));
  }

  @Test
  void r2TheEnergyFitsTheRatedPower() {
    assertBroken(ReviewRule.R2, ORDER, facts(Standing.REGISTERED, 9_999));
    OrderTerms more = Orders.of(1, SELLER, 10_001, hours(0, 1), FEEDER);
    assertBroken(ReviewRule.R2, more, FACTS);
  }

  @Test
  void r2TheMeterIsThePiles() {
    Escrow escrow = ORDER.escrow();
    ReviewFacts another =
        new ReviewFacts(Standing.REGISTERED, Standing.REGISTERED, 10_000, false, escrow);
    assertBroken(ReviewRule.R2, ORDER, another);
  }

  @Test
  void r3TheDeliveryIsNeitherTooSoonNorTooFar() {
    assertBroken(ReviewRule.R3, ORDER, FACTS, LIMITS, NOW.plusSeconds(1));
    assertBroken(ReviewRule.R3, ORDER, FACTS, LIMITS, NOW.minusSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({"600, true", "599, false", "800, true", "801, false"})
  void r4ThePriceIsBetweenFloorAndCap(long doubled, boolean fits) {
    OrderTerms order =
        Orders.with(ORDER, new TradePrice(doubled), ORDER.onDefault(), ORDER.charges().fees());
    ReviewFacts facts =
        new ReviewFacts(Standing.REGISTERED, Standing.REGISTERED, 10_000, true, order.escrow());
    Verdict verdict = review(order, facts, LIMITS, NOW);
    assertEquals(fits ? APPROVED : rejected(ReviewRule.R4), verdict);
  }

  @Test
  void r5TheFeederHasRoomInEverySlot() {
    assertBroken(ReviewRule.R5, ORDER, FACTS, limits(9_999, 10_000), NOW);
    ReviewBoard board = board(limits(15_000, 100_000));
    assertEquals(
        APPROVED, board.review(Orders.of(2, OTHER, 2_500, minutes(30, 60), FEEDER), FACTS, NOW));
    assertEquals(APPROVED, board.review(ORDER, FACTS, NOW));
    // 10 kW and 5 kW from half past twelve on
    assertEquals(
        rejected(ReviewRule.R5),
        board.review(Orders.of(3, new Trader("p3"), 1, minutes(59, 60), FEEDER), FACTS, NOW));
    assertEquals(
        APPROVED,
        board.review(Orders.of(4, new Trader("p3"), 250, minutes(15, 30), FEEDER), FACTS, NOW));
  }

  @Test
  void r5AnUnknownFeederBearsNothingAndDirectionsAreNotSetOff() {
    OrderTerms elsewhere = Orders.of(1, SELLER, 10_000, hours(0, 1), new FeederId("unknown"));
    assertBroken(ReviewRule.R5, elsewhere, FACTS);
    ReviewBoard board = board(limits(10_000, 100_000));
    assertEquals(APPROVED, board.review(exported(1, SELLER), FACTS, NOW));
    assertEquals(rejected(ReviewRule.R5), board.review(exported(2, OTHER), FACTS, NOW));
    assertEquals(
        APPROVED, board.review(Orders.of(3, OTHER, 10_000, hours(0, 1), FEEDER), FACTS, NOW));
  }

  /** What two parties write down does not move a pile. */
  @Test
  void r5TheFeederIsThePilesAllTheTime() {
    assertBroken(ReviewRule.R5, Orders.of(1, SELLER, 10_000, hours(0, 1), OTHER_FEEDER), FACTS);
    assertBroken(ReviewRule.R5, Orders.of(1, new Trader("unknown"), 1, hours(0, 1), FEEDER), FACTS);
    Published<FeederId> moved = new Published<>(FEEDER, NOON.plusSeconds(1800), OTHER_FEEDER);
    ReviewLimits limits =
        limits(grid(Published.always(10_000L), moved, Published.always(List.of())));
    assertEquals(APPROVED, review(small(minutes(0, 30), FEEDER), FACTS, limits, NOW));
    assertBroken(ReviewRule.R5, small(minutes(0, 31), FEEDER), FACTS, limits, NOW);
    assertBroken(ReviewRule.R5, small(minutes(29, 60), OTHER_FEEDER), FACTS, limits, NOW);
    assertEquals(APPROVED, review(small(minutes(30, 60), OTHER_FEEDER), FACTS, limits, NOW));
    assertBroken(ReviewRule.R5, small(minutes(30, 60), FEEDER), FACTS, limits, NOW);
  }

  /** The notice is time to adapt, not to promise what will not be there. */
  @ParameterizedTest
  @CsvSource({
    "10000, 5000, 0, 30, 5000, true",
    "10000, 5000, 0, 30, 5001, false",
    "10000, 5000, 30, 60, 2500, true",
    "10000, 5000, 30, 60, 2501, false",
    "10000, 5000, 0, 60, 5000, true",
    "10000, 5000, 0, 60, 5001, false",
    "5000, 10000, 0, 30, 2501, false",
    "5000, 10000, 30, 60, 2501, false",
    "5000, 10000, 30, 60, 2500, true"
  })
  void r5ALimitOnItsWayBindsTheDeliveriesThen(
      long before, long after, int from, int to, long energy, boolean fits) {
    Published<Long> watts = new Published<>(before, NOON.plusSeconds(1800), after);
    ReviewLimits limits =
        limits(grid(watts, Published.always(FEEDER), Published.always(List.of())));
    Verdict verdict =
        review(
            Orders.of(1, SELLER, energy, minutes(from, to), FEEDER),
            facts(Standing.REGISTERED, 100_000),
            limits,
            NOW);
    assertEquals(fits ? APPROVED : rejected(ReviewRule.R5), verdict);
  }

  @Test
  void r9LinesOnTheirWayBindTheDeliveriesThen() {
    Published<List<LineLimit>> lines =
        new Published<>(line(10_000), NOON.plusSeconds(1800), line(5_000));
    ReviewLimits limits = limits(grid(Published.always(100_000L), Published.always(FEEDER), lines));
    OrderTerms early = Orders.of(1, SELLER, 5_000, minutes(0, 30), FEEDER);
    assertEquals(APPROVED, review(early, FACTS, limits, NOW));
    assertBroken(ReviewRule.R9, ORDER, FACTS, limits, NOW);
    OrderTerms half = Orders.of(1, SELLER, 5_000, hours(0, 1), FEEDER);
    assertEquals(APPROVED, review(half, FACTS, limits, NOW));
  }

  /** One car is at one pile at a time. */
  @Test
  void r6WhoSellsAnExportSellsNoOtherThen() {
    ReviewBoard board = board(limits(100_000, 100_000));
    Trader car = new Trader("car-2");
    OrderTerms first = through("pile-1-a", 1, car, minutes(0, 30));
    assertEquals(APPROVED, board.review(first, FACTS, NOW));
    OrderTerms overlapping = through("pile-1-b", 2, car, minutes(29, 60));
    assertEquals(rejected(ReviewRule.R6), board.review(overlapping, FACTS, NOW));
    OrderTerms after = through("pile-1-b", 3, car, minutes(30, 60));
    assertEquals(APPROVED, board.review(after, FACTS, NOW));
    OrderTerms another = through("pile-1-b", 4, new Trader("car-3"), minutes(0, 30));
    assertEquals(APPROVED, board.review(another, FACTS, NOW));
    board.release(first.id());
    OrderTerms again = through("pile-1-b", 5, car, minutes(0, 30));
    assertEquals(APPROVED, board.review(again, FACTS, NOW));
  }

  /** A promise that costs nothing would keep a feeder from everybody else. */
  @ParameterizedTest
  @CsvSource({
    "500, 50, 1000, 10000, 60, true",
    "499, 50, 1000, 10000, 60, false",
    "500, 49, 1000, 10000, 60, false",
    "500, 50, 1001, 10000, 60, false",
    "500, 50, 1000, 9999, 60, false",
    "500, 50, 1000, 10000, 59, false"
  })
  void r7APromiseCostsWhatWasPublished(
      long amount, long rate, int tolerance, long energy, int minutes, boolean fits) {
    LeastPromise least =
        new LeastPromise(new Amount(50), 1000, new WattHours(10_000), Duration.ofHours(1));
    OrderTerms order =
        Orders.with(
            Orders.of(1, SELLER, energy, minutes(60 - minutes, 60), FEEDER),
            ORDER.price(),
            new DefaultRule(new Amount(amount), new Amount(rate), tolerance),
            ORDER.charges().fees());
    Verdict verdict =
        review(
            order,
            facts(Standing.REGISTERED, 100_000),
            limits(limits(100_000, 100_000).grid(), least, Set.of(Orders.CHARGES)),
            NOW);
    assertEquals(fits ? APPROVED : rejected(ReviewRule.R7), verdict);
  }

  /** Orders with the fees of before are on their way when new ones come into force. */
  @Test
  void r10TheFeesOfBeforePassForAWhile() {
    Charges dear = new Charges(new Fees(301, 50), GRID, AGENCY);
    ReviewLimits both = limits(LIMITS.grid(), LeastPromise.NONE, Set.of(dear, Orders.CHARGES));
    assertEquals(APPROVED, review(ORDER, FACTS, both, NOW));
    assertEquals(APPROVED, review(Orders.charged(ORDER, dear), FACTS, both, NOW));
    ReviewLimits one = limits(LIMITS.grid(), LeastPromise.NONE, Set.of(dear));
    assertBroken(ReviewRule.R10, ORDER, FACTS, one, NOW);
  }

  @Test
  void r6ThePileIsNotPromisedForMoreThanItsRatedPower() {
    ReviewBoard board = board(limits(100_000, 100_000));
    assertEquals(
        APPROVED, board.review(Orders.of(1, SELLER, 6_000, hours(0, 1), FEEDER), FACTS, NOW));
    assertEquals(
        rejected(ReviewRule.R6),
        board.review(Orders.of(2, SELLER, 4_001, hours(0, 1), FEEDER), FACTS, NOW));
    assertEquals(
        APPROVED, board.review(Orders.of(3, SELLER, 4_000, hours(0, 1), FEEDER), FACTS, NOW));
  }

  /** A company's piles do not stand in each other's way, and a pile's two sellers do. */
  @Test
  void r6CountsByPileInBothDirections() {
    ReviewBoard board = board(limits(100_000, 100_000));
    ReviewFacts large = facts(Standing.REGISTERED, 50_000);
    ReviewFacts small = facts(Standing.REGISTERED, 7_000);
    assertEquals(
        APPROVED, board.review(Orders.of(1, SELLER, 20_000, hours(0, 1), FEEDER), large, NOW));
    OrderTerms elsewhere = through("pile-1-b", 2, SELLER, 4_000, Direction.IMPORT);
    assertEquals(APPROVED, board.review(elsewhere, small, NOW));
    OrderTerms car = through("pile-1-b", 3, new Trader("car-2"), 3_001, Direction.EXPORT);
    assertEquals(rejected(ReviewRule.R6), board.review(car, small, NOW));
    OrderTerms less = through("pile-1-b", 4, new Trader("car-2"), 3_000, Direction.EXPORT);
    assertEquals(APPROVED, board.review(less, small, NOW));
  }

  @ParameterizedTest
  @CsvSource({"3500, 500, true", "3499, 500, false", "3500, 499, false"})
  void r7TheEscrowsHoldWhatTheOrderNeeds(long buyer, long seller, boolean fits) {
    ReviewFacts facts =
        new ReviewFacts(
            Standing.REGISTERED,
            Standing.REGISTERED,
            10_000,
            true,
            new Escrow(new Amount(buyer), new Amount(seller)));
    assertEquals(fits ? APPROVED : rejected(ReviewRule.R7), review(ORDER, facts, LIMITS, NOW));
  }

  @ParameterizedTest
  @CsvSource({"electricity, 1, 0", "electricity, 2, 10000", "steam, 1, 10000"})
  void r8TheTypeConvertsToTheOrdersEnergy(String type, int version, long quantity) {
    assertBroken(ReviewRule.R8, typed(new EnergyType(type), quantity, version), FACTS);
    assertEquals(APPROVED, review(typed(EnergyType.ELECTRICITY, 10_000, 1), FACTS, LIMITS, NOW));
  }

  @Test
  void r9NoLineIsOverloaded() {
    assertBroken(ReviewRule.R9, ORDER, FACTS, limits(10_000, 9_999), NOW);
    // The other feeder relieves the line, but whoever loads it may stay away.
    ReviewBoard board = board(limits(100_000, 10_000));
    Trader other = new Trader("pile-4");
    assertEquals(
        APPROVED, board.review(Orders.of(2, other, 8_000, hours(0, 1), OTHER_FEEDER), FACTS, NOW));
    assertEquals(APPROVED, board.review(ORDER, FACTS, NOW));
    assertEquals(
        rejected(ReviewRule.R9),
        board.review(
            Orders.of(3, new Trader("pile-5"), 2_001, hours(0, 1), OTHER_FEEDER), FACTS, NOW));
  }

  /** P2-19: who writes an order writes neither the fees nor who has them. */
  @Test
  void r10TheChargesAreThePublishedOnes() {
    Charges published = ORDER.charges();
    Fees fees = published.fees();
    for (Charges own :
        List.of(
            new Charges(Fees.NONE, GRID, AGENCY),
            new Charges(new Fees(fees.gridBasisPoints() - 1, 50), GRID, AGENCY),
            new Charges(fees, new Trader("friend"), AGENCY),
            new Charges(fees, GRID, new Trader("friend")))) {
      assertBroken(ReviewRule.R10, Orders.charged(ORDER, own), FACTS);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new ReviewBoard(Set.of(GRID), LIMITS, ConversionTables.FIRST));
  }

  @Test
  void theFirstBrokenRuleIsTheReason() {
    OrderTerms wrong = Orders.of(1, SELLER, 20_000, hours(9, 10), FEEDER);
    assertBroken(ReviewRule.R1, wrong, facts(Standing.SUSPENDED, 1));
    assertBroken(ReviewRule.R2, wrong, facts(Standing.REGISTERED, 1));
    assertBroken(ReviewRule.R3, wrong, facts(Standing.REGISTERED, 99_000));
  }

  @Test
  void anOrderIsReviewedOnce() {
    ReviewBoard board = board(LIMITS);
    assertEquals(APPROVED, board.review(ORDER, FACTS, NOW));
    Verdict again = new Verdict.Refused(Verdict.Why.ALREADY_REVIEWED);
    assertEquals(again, board.review(ORDER, FACTS, NOW));
    assertEquals(again, board.veto(ORDER, VetoReason.MAINTENANCE));
  }

  @Test
  void nobodyReviewsItsOwnOrders() {
    ReviewBoard board = new ReviewBoard(Set.of(AGENCY, GRID), LIMITS, ConversionTables.FIRST);
    Verdict refused = new Verdict.Refused(Verdict.Why.OWN_ORDER);
    OrderTerms grids = Orders.of(1, GRID, 10_000, hours(0, 1), FEEDER);
    assertEquals(refused, board.review(grids, FACTS, NOW));
    assertEquals(refused, board.veto(grids, VetoReason.LEGAL_ORDER));
    ReviewBoard buyers = new ReviewBoard(Set.of(AGENCY, BUYER), LIMITS, ConversionTables.FIRST);
    assertEquals(refused, buyers.review(ORDER, FACTS, NOW));
  }

  @Test
  void aVetoHasAReasonAndPromisesNothing() {
    ReviewBoard board = board(LIMITS);
    assertEquals(
        new Verdict.Rejected(new RejectionReason.Veto(VetoReason.GRID_EMERGENCY)),
        board.veto(ORDER, VetoReason.GRID_EMERGENCY));
    assertEquals(
        APPROVED, board.review(Orders.of(2, SELLER, 10_000, hours(0, 1), FEEDER), FACTS, NOW));
  }

  @Test
  void whatIsReleasedIsFreeAgainOnce() {
    ReviewBoard board = board(LIMITS);
    board.review(ORDER, FACTS, NOW);
    board.release(ORDER.id());
    board.release(ORDER.id());
    assertEquals(
        APPROVED, board.review(Orders.of(2, SELLER, 10_000, hours(0, 1), FEEDER), FACTS, NOW));
    assertEquals(
        rejected(ReviewRule.R5),
        board.review(Orders.of(3, OTHER, 1, hours(0, 1), FEEDER), FACTS, NOW));
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> limits(Duration.ofHours(2), Duration.ofHours(2), QUARTER));
    assertThrows(
        IllegalArgumentException.class,
        () -> limits(Duration.ZERO, Duration.ofHours(2), Duration.ofMillis(1500)));
    assertThrows(
        IllegalArgumentException.class,
        () -> limits(Duration.ZERO, Duration.ofDays(30), Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> new LineLimit("l", Map.of(), -1));
    assertThrows(IllegalArgumentException.class, () -> limits(-1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> capped(new Amount(Quote.HIGHEST_PRICE.value() + 1)));
  }

  /** The highest cap caps nothing, and is no price that can't be doubled. */
  @Test
  void withoutACapAnyPriceThatCanBeCountedPasses() {
    ReviewLimits limits = capped(Quote.HIGHEST_PRICE);
    DefaultRule rule = new DefaultRule(new Amount(Long.MAX_VALUE / 100), Amount.ZERO, 0);
    OrderTerms dear =
        Orders.with(
            Orders.of(1, SELLER, 1, hours(0, 1), FEEDER),
            TradePrice.of(Quote.HIGHEST_PRICE),
            rule,
            ORDER.charges().fees());
    ReviewFacts facts =
        new ReviewFacts(Standing.REGISTERED, Standing.REGISTERED, 10_000, true, dear.escrow());
    assertEquals(APPROVED, review(dear, facts, limits, NOW));
    OrderTerms dearer =
        Orders.with(
            dear,
            new TradePrice(2 * Quote.HIGHEST_PRICE.value() + 1),
            rule,
            ORDER.charges().fees());
    assertEquals(rejected(ReviewRule.R4), review(dearer, facts, limits, NOW));
  }

  private static ReviewLimits capped(Amount cap) {
    return new ReviewLimits(
        Duration.ofHours(1),
        Duration.ofHours(2),
        QUARTER,
        Amount.ZERO,
        cap,
        LIMITS.grid(),
        LeastPromise.NONE,
        Set.of(Orders.CHARGES));
  }

  private static OrderTerms through(
      String pile, long id, Trader seller, long energy, Direction direction) {
    return Orders.at(
        Orders.of(id, seller, energy, hours(0, 1), FEEDER),
        new DeliveryPoint(FEEDER, new PileId(pile), direction));
  }

  private static OrderTerms through(String pile, long id, Trader seller, DeliveryWindow window) {
    return Orders.at(
        Orders.of(id, seller, 1, window, FEEDER),
        new DeliveryPoint(FEEDER, new PileId(pile), Direction.EXPORT));
  }

  private static OrderTerms small(DeliveryWindow window, FeederId feeder) {
    return Orders.of(1, SELLER, 1, window, feeder);
  }

  private static ReviewLimits limits(Duration lead, Duration horizon, Duration slot) {
    return new ReviewLimits(
        lead,
        horizon,
        slot,
        Amount.ZERO,
        new Amount(1),
        LIMITS.grid(),
        LeastPromise.NONE,
        Set.of(Orders.CHARGES));
  }

  /** A line that this feeder loads watt by watt, and the other relieves. */
  private static ReviewLimits limits(long feederW, long line) {
    return limits(
        grid(Published.always(feederW), Published.always(FEEDER), Published.always(line(line))));
  }

  private static ReviewLimits limits(GridLimits grid) {
    return limits(grid, LeastPromise.NONE, Set.of(Orders.CHARGES));
  }

  private static ReviewLimits limits(GridLimits grid, LeastPromise least, Set<Charges> charges) {
    return new ReviewLimits(
        Duration.ofHours(1),
        Duration.ofHours(2),
        QUARTER,
        new Amount(300),
        new Amount(400),
        grid,
        least,
        charges);
  }

  private static List<LineLimit> line(long limit) {
    return List.of(
        new LineLimit("line", Map.of(FEEDER, 1_000_000L, OTHER_FEEDER, -1_000_000L), limit));
  }

  /**
   * Pile 4 and 5 hang on the other feeder, the seller's where it is said, all others on the one.
   */
  private static GridLimits grid(
      Published<Long> watts, Published<FeederId> sellers, Published<List<LineLimit>> lines) {
    Published<FeederId> here = Published.always(FEEDER);
    Published<FeederId> there = Published.always(OTHER_FEEDER);
    return new GridLimits(
        Map.of(FEEDER, watts, OTHER_FEEDER, watts),
        Map.of(
            Orders.pileOf(SELLER),
            sellers,
            new PileId("pile-1-b"),
            here,
            Orders.pileOf(OTHER),
            here,
            Orders.pileOf(new Trader("p3")),
            here,
            Orders.pileOf(new Trader("pile-4")),
            there,
            Orders.pileOf(new Trader("pile-5")),
            there),
        lines);
  }

  private static ReviewFacts facts(Standing seller, long ratedPowerW) {
    return new ReviewFacts(
        seller,
        Standing.REGISTERED,
        ratedPowerW,
        true,
        new Escrow(new Amount(1_000_000), new Amount(1_000_000)));
  }

  private static DeliveryWindow minutes(int from, int to) {
    return new DeliveryWindow(
        NOON.plus(Duration.ofMinutes(from)), NOON.plus(Duration.ofMinutes(to)));
  }

  private static OrderTerms exported(long id, Trader seller) {
    return Orders.through(Orders.of(id, seller, 10_000, hours(0, 1), FEEDER), Direction.EXPORT);
  }

  private static OrderTerms typed(EnergyType type, long quantity, int version) {
    return with(ORDER, ORDER.point(), type, quantity, version);
  }

  private static OrderTerms with(
      OrderTerms order, DeliveryPoint point, EnergyType type, long quantity, int version) {
    return new OrderTerms(
        order.id(),
        order.listing(),
        order.seller(),
        order.buyer(),
        order.price(),
        order.energy(),
        order.window(),
        point,
        type,
        quantity,
        version,
        order.onDefault(),
        order.charges());
  }

  private static ReviewBoard board(ReviewLimits limits) {
    return new ReviewBoard(Set.of(AGENCY, GRID), limits, ConversionTables.FIRST);
  }

  private static Verdict review(
      OrderTerms order, ReviewFacts facts, ReviewLimits limits, Instant now) {
    return board(limits).review(order, facts, now);
  }

  private static Verdict rejected(ReviewRule rule) {
    return new Verdict.Rejected(new RejectionReason.Rule(rule));
  }

  private static void assertBroken(ReviewRule rule, OrderTerms order, ReviewFacts facts) {
    assertBroken(rule, order, facts, LIMITS, NOW);
  }

  private static void assertBroken(
      ReviewRule rule, OrderTerms order, ReviewFacts facts, ReviewLimits limits, Instant now) {
    assertEquals(rejected(rule), review(order, facts, limits, now));
  }
}
