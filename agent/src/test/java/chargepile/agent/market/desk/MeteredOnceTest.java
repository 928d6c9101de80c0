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
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a pile's meter says of an order is decided once, when its time is over (P2-11, P2-12). */
class MeteredOnceTest {
  private static final Trader PILE = new Trader("0x%040x".formatted(0x11));
  private static final Trader CAR = new Trader("0x%040x".formatted(0x12));
  private static final EvmAddress METER = EvmAddress.of("0x%040x".formatted(0xaa));
  private static final PilePoint POINT =
      new PilePoint(new PileId("pile-1"), new FeederId("feeder-1"), METER, 22_000);
  private static final Instant START = ModelMarket.GENESIS.plusSeconds(3600);
  private static final Instant END = START.plusSeconds(3600);
  private static final Duration RECEIPTS = ModelMarket.RULES.receipts();
  private static final Instant RECEIPTS_OVER = END.plus(RECEIPTS);
  private static final Duration LINGERING =
      Stream.of(Duration.ofMinutes(5), RECEIPTS).min(Duration::compareTo).orElseThrow();
  private static final Instant DEADLINE = RECEIPTS_OVER.plus(Duration.ofHours(20));
  private static final WattHours ALL = new WattHours(11_000);
  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);
  private static final PileDesk DESK =
      new PileDesk(
          new PilePolicy(
              POINT,
              new PricePolicy(Side.ASK, new Amount(320), new Amount(280), new Amount(30)),
              WattHours.ZERO,
              Optional.empty(),
              ON_DEFAULT,
              false,
              new Amount(1)));

  private final OrderView order = order();
  private Outages remembered = Outages.NONE;
  private boolean inService = true;
  private boolean unbroken = true;
  private Delivered delivered = Delivered.NOTHING;

  private static OrderView order() {
    OrderTerms terms =
        new OrderTerms(
            new OrderId(1),
            Optional.empty(),
            PILE,
            CAR,
            new TradePrice(600),
            ALL,
            new DeliveryWindow(START, END),
            new DeliveryPoint(POINT.feeder(), POINT.pile(), Direction.IMPORT),
            EnergyType.ELECTRICITY,
            ALL.value(),
            1,
            ON_DEFAULT.rule(new TradePrice(600), ALL, ModelMarket.RULES),
            ModelMarket.RULES.charges());
    ContractTerms deal =
        new ContractTerms(
            terms, Optional.of(new MatchedQuotes(new QuoteId(1), new QuoteId(2))), METER);
    return new OrderView(
        deal.key(), deal, OrderStage.EXECUTING, DEADLINE, true, true, terms.escrow(), Amount.ZERO);
  }

  private static MarketView view(Instant now, Instant past, List<OrderView> orders) {
    return new MarketView(
        PILE,
        now,
        past,
        ModelMarket.RULES,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        orders,
        List.of(),
        now,
        Amount.ZERO,
        new Amount(1_000_000),
        Set.of(),
        Set.of());
  }

  private List<DeskAction> look(Instant now, Instant past, Instant clock, List<OrderView> orders) {
    OwnSide own =
        new OwnSide(inService, false, unbroken, Map.of(order.key(), delivered), Map.of()).by(clock);
    Decision decision = DESK.next(view(now, past, orders), own, remembered);
    remembered = decision.remember();
    return decision.actions().stream().filter(DeskAction.OfOrder.class::isInstance).toList();
  }

  private List<DeskAction> look(Instant now) {
    return look(now, now, now, List.of(order));
  }

  private static Delivered took(long wattHours) {
    return Delivered.ended(MilliWattHours.ofWattHours(wattHours), Amount.ZERO);
  }

  private void assertSettled(long available, long taken, List<DeskAction> actions) {
    assertEquals(
        List.of(
            new DeskAction.SettleByMeter(order, new WattHours(available), new WattHours(taken))),
        actions);
  }

  @Test
  void whatIsSaidAtTheEndIsSaidEverAfter() {
    delivered = took(6_000);
    assertEquals(List.of(), look(END.minusSeconds(1)));
    assertEquals(Map.of(), remembered.metered());
    assertEquals(List.of(), look(END.plusSeconds(5)));
    Metered said = new Metered(ALL, new WattHours(6_000), END);
    assertEquals(Map.of(order.key(), said), remembered.metered());
    delivered = took(9_000); // at whatever terms
    inService = false;
    assertSettled(11_000, 6_000, look(RECEIPTS_OVER));
    delivered = Delivered.NOTHING;
    assertSettled(11_000, 6_000, look(RECEIPTS_OVER.plusSeconds(60)));
  }

  @Test
  void aReorganisationThatUndoesTheSettlementChangesNothingOfIt() {
    delivered = took(6_000);
    assertEquals(List.of(), look(END));
    OrderView over =
        new OrderView(
            order.key(),
            order.deal(),
            OrderStage.SETTLED,
            Instant.EPOCH,
            true,
            true,
            order.held(),
            Amount.ZERO);
    assertEquals(List.of(), look(RECEIPTS_OVER, END, RECEIPTS_OVER, List.of(over)));
    delivered = took(1);
    assertEquals(List.of(), look(RECEIPTS_OVER, END, RECEIPTS_OVER, List.of()));
    assertSettled(11_000, 6_000, look(RECEIPTS_OVER.plusSeconds(60)));
  }

  @Test
  void aChainAloneIsNotBelievedThatTheTimeIsOver() {
    Instant before = START.plusSeconds(60);
    assertEquals(List.of(), look(RECEIPTS_OVER, RECEIPTS_OVER, before, List.of(order)));
    assertEquals(Map.of(), remembered.metered());
    delivered = took(11_000);
    assertEquals(List.of(), look(END.plusSeconds(1)));
    assertSettled(11_000, 11_000, look(RECEIPTS_OVER));
  }

  @Test
  void itIsHandedOverWhenABlockThatCountsAsDoneIsBehindTheEnd() {
    delivered = took(6_000);
    List<OrderView> orders = List.of(order);
    assertEquals(List.of(), look(END));
    Instant early = END.minusSeconds(1);
    assertEquals(List.of(), look(RECEIPTS_OVER, early, RECEIPTS_OVER, orders));
    assertSettled(11_000, 6_000, look(RECEIPTS_OVER, END, RECEIPTS_OVER, orders));
  }

  @Test
  void aChainOnWhichNothingCountsAsDoneMakesNobodyMissTheDeadline() {
    delivered = took(6_000);
    List<OrderView> orders = List.of(order);
    Instant half = RECEIPTS_OVER.plus(Duration.between(RECEIPTS_OVER, DEADLINE).dividedBy(2));
    assertEquals(List.of(), look(half.minusSeconds(1), Instant.EPOCH, half, orders));
    assertSettled(11_000, 6_000, look(half, Instant.EPOCH, half, orders));
  }

  @Test
  void aSessionThatIsHeldOpenBehindTheEndIsNotWaitedFor() {
    delivered = Delivered.running(MilliWattHours.ofWattHours(6_000), new Amount(5));
    assertEquals(List.of(), look(END.plusSeconds(2)));
    delivered = Delivered.running(MilliWattHours.ofWattHours(6_500), new Amount(9));
    assertEquals(List.of(), look(END.plus(LINGERING).minusSeconds(1)));
    assertEquals(
        List.of(new DeskAction.Acknowledge(order, new Amount(9), Optional.empty())),
        look(END.plus(LINGERING)));
    delivered = Delivered.running(MilliWattHours.ofWattHours(7_000), Amount.ZERO);
    assertSettled(11_000, 6_000, look(RECEIPTS_OVER));
  }

  @Test
  void anOddTimeMovesNothingForGood() {
    Instant now = START.plusSeconds(60);
    assertEquals(List.of(), look(now));
    assertEquals(List.of(), look(END.plusSeconds(1), now, now, List.of(order)));
    assertEquals(Optional.of(now), remembered.last());
    inService = false;
    assertEquals(List.of(), look(now.plusSeconds(600)));
    assertEquals(Map.of(order.key(), Duration.ofMinutes(10)), remembered.missed());
  }

  @Test
  void whatWasLookedAtInTheFutureIsBroughtBack() {
    Instant now = START.plusSeconds(60);
    remembered = new Outages(Optional.of(END.plusSeconds(99)), false, Map.of());
    assertEquals(List.of(), look(now));
    assertEquals(Optional.of(now), remembered.last());
    assertEquals(Map.of(), remembered.missed());
  }

  @Test
  void aLookThatDoesNotShowAnOrderForgetsNothingOfIt() {
    inService = false;
    assertEquals(List.of(), look(START));
    assertEquals(List.of(), look(START.plusSeconds(1800)));
    Instant odd = START.plusSeconds(1810);
    inService = true;
    assertEquals(List.of(), look(odd, odd, odd, List.of()));
    assertEquals(List.of(), look(END));
    // in half of the time the rated power delivers half of its hour
    assertEquals(
        Map.of(order.key(), new Metered(new WattHours(11_000), WattHours.ZERO, END)),
        remembered.metered());
    assertEquals(Map.of(order.key(), Duration.ofMinutes(30)), remembered.missed());
  }

  @Test
  void anOutageOfTheProgramIsMissedAndWhatIsTakenIsAvailable() {
    assertEquals(List.of(), look(START));
    unbroken = false;
    delivered = took(3_000);
    assertEquals(List.of(), look(END.minusSeconds(360)));
    unbroken = true;
    assertEquals(List.of(), look(END));
    // six minutes of an hour of 22 kW, less than what was taken before
    assertSettled(3_000, 3_000, look(RECEIPTS_OVER));
  }

  @Test
  void whatStrangersAskForIsNotMissed() {
    OrderView request =
        new OrderView(
            order.key(),
            order.deal(),
            OrderStage.REQUESTED,
            END,
            true,
            false,
            order.held(),
            Amount.ZERO);
    inService = false;
    Stream.of(START, END)
        .forEach(time -> assertEquals(List.of(), look(time, time, time, List.of(request))));
    assertEquals(Map.of(), remembered.missed());
    assertTrue(remembered.metered().isEmpty());
  }
}
