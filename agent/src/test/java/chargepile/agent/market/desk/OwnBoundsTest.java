package chargepile.agent.market.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an operator or a driver has set bounds what its desk promises (P1-42, P2-12). */
class OwnBoundsTest {
  private static final Instant NOW = ModelMarket.GENESIS;
  private static final Trader PILE = new Trader("0x" + "0".repeat(38) + "11");
  private static final Trader CAR = new Trader("0x" + "0".repeat(38) + "12");
  private static final Trader OTHER_CAR = new Trader("0x" + "0".repeat(38) + "13");
  private static final EvmAddress METER = EvmAddress.of("0x%040x".formatted(0xaa));
  private static final PilePoint POINT =
      new PilePoint(new PileId("pile-1"), new FeederId("feeder-1"), METER, 22_000);

  /** Of a kilowatt-hour; more than the fees of the dearest. */
  private static final Amount RATE = new Amount(1000);

  private static final PricePolicy ASKED =
      new PricePolicy(Side.ASK, new Amount(320), new Amount(280), new Amount(10));
  private static final PricePolicy BID =
      new PricePolicy(Side.BID, new Amount(300), new Amount(340), new Amount(10));
  private static final OwnSide OWN = new OwnSide(true, false, true, Map.of(), Map.of());

  private Optional<CycleView> cycle = Optional.of(inRound(0));
  private final List<MatchView> matches = new ArrayList<>();
  private final List<OrderView> orders = new ArrayList<>();

  /** Rounds of two minutes, of which the cycle has four. */
  private static CycleView inRound(int round) {
    Instant begins = NOW.plusSeconds(120L * round);
    return new CycleView(5, round, 4, begins.plusSeconds(80), begins.plusSeconds(120), false);
  }

  private static PileDesk pile(Optional<Amount> most, Duration lead, boolean lists) {
    return new PileDesk(
        new PilePolicy(
            POINT,
            ASKED,
            new WattHours(10_000),
            lists
                ? Optional.of(
                    new PilePolicy.Shop(
                        new Amount(320), new WattHours(10_000), Duration.ofHours(24)))
                : Optional.empty(),
            new DefaultPolicy(RATE, 500, most),
            false,
            lead,
            new Amount(1)));
  }

  private static DriverDesk driver(Optional<Amount> most, Duration ahead) {
    return new DriverDesk(
        new BuyerPolicy(
            BID,
            new WattHours(10_000),
            NOW,
            Map.of(PILE, POINT),
            ahead,
            Duration.ofHours(1),
            Duration.ofHours(1),
            new DefaultPolicy(RATE, 500, most),
            new Amount(1_000_000),
            Duration.ofMinutes(2),
            false,
            new Amount(1)));
  }

  private MarketView view(Trader self) {
    return new MarketView(
        self,
        cycle.map(now -> now.standsFrom().minusSeconds(60)).orElse(NOW),
        ModelMarket.RULES,
        cycle,
        List.of(),
        List.of(),
        matches,
        orders,
        List.of(),
        NOW,
        Amount.ZERO,
        new Amount(1_000_000),
        Set.of(PILE, CAR, OTHER_CAR),
        Set.of());
  }

  private MatchView matched(int number, Instant at, long energy) {
    return matched(number, at, energy, CAR);
  }

  private MatchView matched(int number, Instant at, long energy, Trader buyer) {
    MatchView match =
        new MatchView(
            new MatchedQuotes(new QuoteId(number), new QuoteId(1000 + number)),
            5,
            at,
            PILE,
            buyer,
            TradePrice.of(new Amount(300)),
            new WattHours(energy));
    matches.add(match);
    return match;
  }

  /** A request of a match, whose delivery begins so far from now. */
  private OrderView requested(long energy, Duration ahead) {
    return requested(energy, ahead, CAR);
  }

  private OrderView requested(long energy, Duration ahead, Trader buyer) {
    return requested(energy, ahead, buyer, POINT.feeder(), new DefaultPolicy(RATE, 500));
  }

  private OrderView requested(
      long energy, Duration ahead, Trader buyer, FeederId feeder, DefaultPolicy onDefault) {
    MatchView match = matched(matches.size() + 1, NOW, energy, buyer);
    Instant start = view(PILE).now().plus(ahead);
    OrderTerms terms =
        new OrderTerms(
            new OrderId(match.pairing().bid().value()),
            Optional.empty(),
            PILE,
            buyer,
            match.price(),
            match.energy(),
            new DeliveryWindow(start, start.plusSeconds(3600)),
            new DeliveryPoint(feeder, POINT.pile(), Direction.IMPORT),
            EnergyType.ELECTRICITY,
            energy,
            1,
            onDefault.rule(match.price(), match.energy(), ModelMarket.RULES),
            ModelMarket.RULES.charges());
    ContractTerms deal = new ContractTerms(terms, Optional.of(match.pairing()), METER);
    OrderView order =
        new OrderView(
            deal.key(),
            deal,
            OrderStage.REQUESTED,
            NOW.plusSeconds(600),
            true,
            false,
            terms.escrow(),
            Amount.ZERO);
    orders.add(order);
    return order;
  }

  private Decision sold(PileDesk desk) {
    return desk.next(view(PILE), OWN, Outages.NONE);
  }

  private Decision bought(DriverDesk desk) {
    return desk.next(view(CAR), OWN, Outages.NONE);
  }

  private static <T extends DeskAction> List<T> of(Decision decision, Class<T> kind) {
    return decision.actions().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aPileConfirmsNothingThatPutsMoreAtStakeThanItMay() {
    cycle = Optional.empty();
    OrderView within = requested(5000, Duration.ofHours(1));
    OrderView beyond = requested(5001, Duration.ofHours(3));
    Decision decision = sold(pile(Optional.of(new Amount(5000)), Duration.ZERO, false));
    assertEquals(
        List.of(within),
        of(decision, DeskAction.Confirm.class).stream().map(DeskAction.Confirm::order).toList());
    DeskAction.Refuse refused = of(decision, DeskAction.Refuse.class).getFirst();
    assertEquals(beyond, refused.order());
    assertTrue(refused.why().contains("default_amount_base_units is 5000"), refused.why());
  }

  @Test
  void aPileQuotesAndListsNoMoreThanItMayPromiseInOneOrder() {
    Decision decision = sold(pile(Optional.of(new Amount(5000)), Duration.ZERO, true));
    assertEquals(
        new WattHours(5000), of(decision, DeskAction.PlaceQuote.class).getFirst().energy());
    assertEquals(
        new WattHours(5000), of(decision, DeskAction.Publish.class).getFirst().offered().energy());
    Decision free = sold(pile(Optional.empty(), Duration.ZERO, true));
    assertEquals(new WattHours(10_000), of(free, DeskAction.PlaceQuote.class).getFirst().energy());
  }

  @Test
  void aPileThatMayPromiseHardlyAnythingSaysWhy() {
    Decision decision = sold(pile(Optional.of(new Amount(99)), Duration.ZERO, true));
    assertEquals(List.of(), decision.actions());
    assertTrue(
        decision.notices().stream()
            .anyMatch(said -> said.contains("default_amount_base_units of 99")),
        decision::toString);
  }

  @Test
  void aDriverBidsForNoMoreThanItMayPromiseInOneOrder() {
    Decision decision = bought(driver(Optional.of(new Amount(4000)), Duration.ZERO));
    assertEquals(
        new WattHours(4000), of(decision, DeskAction.PlaceQuote.class).getFirst().energy());
    Decision none = bought(driver(Optional.of(new Amount(99)), Duration.ZERO));
    assertEquals(List.of(), none.actions());
    assertTrue(none.notices().getFirst().contains("default_amount_base_units of 99"));
  }

  @Test
  void aDriverAsksForNoOrderThatPutsMoreAtStakeThanItMayAndWantsItsEnergyStill() {
    matched(1, NOW, 4001);
    matched(2, NOW, 3000);
    Decision decision = bought(driver(Optional.of(new Amount(4000)), Duration.ZERO));
    assertEquals(
        List.of(new WattHours(3000)),
        of(decision, DeskAction.Request.class).stream()
            .map(request -> request.deal().order().energy())
            .toList());
    assertTrue(
        decision.notices().stream()
            .anyMatch(said -> said.contains("default_amount_base_units of 4000 is less")),
        decision::toString);
    assertEquals(
        new WattHours(4000), of(decision, DeskAction.PlaceQuote.class).getFirst().energy());
  }

  @Test
  void aPileConfirmsWithItsOwnLeadWhereThatIsLonger() {
    cycle = Optional.empty();
    requested(1000, Duration.ofMinutes(59));
    OrderView inTime = requested(1000, Duration.ofMinutes(60));
    Decision decision = sold(pile(Optional.empty(), Duration.ofHours(1), false));
    assertEquals(
        List.of(inTime),
        of(decision, DeskAction.Confirm.class).stream().map(DeskAction.Confirm::order).toList());
    String why = of(decision, DeskAction.Refuse.class).getFirst().why();
    assertTrue(why.contains("lead_s of 3600"), why);
  }

  @Test
  void aPileTakesNoOtherFeederAndNoDearerDefaultThanItsOwn() {
    cycle = Optional.empty();
    Duration hour = Duration.ofHours(1);
    Amount dearer = new Amount(RATE.value() + 1);
    Amount cheaper = new Amount(RATE.value() - 1);
    requested(1000, hour, CAR, new FeederId("feeder-2"), new DefaultPolicy(RATE, 500));
    requested(1000, hour, CAR, POINT.feeder(), new DefaultPolicy(dearer, 500));
    requested(1000, hour, CAR, POINT.feeder(), new DefaultPolicy(RATE, 499));
    OrderView lenient = requested(1000, hour, CAR, POINT.feeder(), new DefaultPolicy(cheaper, 501));
    Decision decision = sold(pile(Optional.empty(), Duration.ZERO, false));
    assertEquals(
        List.of(lenient),
        of(decision, DeskAction.Confirm.class).stream().map(DeskAction.Confirm::order).toList());
    List<String> why =
        of(decision, DeskAction.Refuse.class).stream().map(DeskAction.Refuse::why).toList();
    assertEquals(3, why.size());
    assertTrue(why.get(0).contains("feeder-2"), why::toString);
    assertTrue(why.get(1).contains("a default would cost more"), why::toString);
    assertTrue(why.get(2).contains("a default would cost more"), why::toString);
  }

  @Test
  void aPileOfOneSocketIsPromisedToOneBuyerAtATime() {
    cycle = Optional.empty();
    OrderView before = requested(1000, Duration.ofHours(1));
    orders.set(0, recorded(before));
    OrderView same = requested(1000, Duration.ofMinutes(90));
    OrderView other = requested(1000, Duration.ofMinutes(90), OTHER_CAR);
    OrderView later = requested(1000, Duration.ofHours(3), OTHER_CAR);
    Decision decision = sold(pile(Optional.empty(), Duration.ZERO, false));
    assertEquals(
        List.of(same, later),
        of(decision, DeskAction.Confirm.class).stream().map(DeskAction.Confirm::order).toList());
    DeskAction.Refuse refused = of(decision, DeskAction.Refuse.class).getFirst();
    assertEquals(other, refused.order());
    assertTrue(refused.why().contains("another buyer"), refused.why());
  }

  private static OrderView recorded(OrderView o) {
    return new OrderView(
        o.key(),
        o.deal(),
        OrderStage.RECORDED,
        NOW.plus(Duration.ofDays(1)),
        true,
        true,
        o.held(),
        o.acknowledged());
  }

  @Test
  void andWithTheAgencysWhereThatIsLonger() {
    cycle = Optional.empty();
    requested(1000, ModelMarket.RULES.lead().minusSeconds(1));
    Decision decision = sold(pile(Optional.empty(), Duration.ofSeconds(1), false));
    String why = of(decision, DeskAction.Refuse.class).getFirst().why();
    assertTrue(why.contains("too soon to be reviewed"), why);
  }

  @Test
  void whatADriverAsksForIsStillFarEnoughAheadWhenASellerOfTheSameLeadSeesIt() {
    matched(1, NOW, 1000);
    ContractTerms deal =
        of(bought(driver(Optional.empty(), Duration.ofHours(1))), DeskAction.Request.class)
            .getFirst()
            .deal();
    assertEquals(
        view(CAR).now().plus(Duration.ofHours(1)).plus(Duration.ofMinutes(2)),
        deal.order().window().start());
  }

  @Test
  void anAskFallsWithTheRoundsThatFoundNoBuyerAlone() {
    PileDesk desk = pile(Optional.empty(), Duration.ZERO, false);
    assertEquals(new Amount(320), asked(desk, 0));
    assertEquals(new Amount(300), asked(desk, 2));
    matched(1, inRound(0).standsFrom().plusSeconds(1), 100);
    matched(2, inRound(0).standsFrom().plusSeconds(1), 100);
    assertEquals(new Amount(320), asked(desk, 1));
    assertEquals(new Amount(310), asked(desk, 2));
    matched(3, inRound(1).standsFrom().plusSeconds(1), 100);
    assertEquals(new Amount(320), asked(desk, 2));
    assertEquals(new Amount(310), asked(desk, 3));
  }

  private Amount asked(PileDesk desk, int round) {
    cycle = Optional.of(inRound(round));
    return of(sold(desk), DeskAction.PlaceQuote.class).getFirst().pricePerKwh();
  }

  @Test
  void aBidRisesWithTheRoundsInVainAlone() {
    DriverDesk desk = driver(Optional.empty(), Duration.ZERO);
    assertEquals(new Amount(310), bid(desk, 1));
    matched(1, inRound(1).standsFrom().plusSeconds(1), 100);
    assertEquals(new Amount(310), bid(desk, 2));
    assertEquals(new Amount(320), bid(desk, 3));
  }

  private Amount bid(DriverDesk desk, int round) {
    cycle = Optional.of(inRound(round));
    return of(bought(desk), DeskAction.PlaceQuote.class).getFirst().pricePerKwh();
  }
}
