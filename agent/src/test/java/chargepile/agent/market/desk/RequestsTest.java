package chargepile.agent.market.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What strangers ask for costs a pile nothing and keeps nobody else from buying (P2-07). */
class RequestsTest {
  private static final Instant NOW = ModelMarket.GENESIS;
  private static final Trader PILE = trader(0x11);
  private static final Trader CAR = trader(0x12);
  private static final Trader STRANGER = trader(0x13);
  private static final EvmAddress METER = EvmAddress.of("0x%040x".formatted(0xaa));
  private static final PilePoint POINT =
      new PilePoint(new PileId("pile-1"), new FeederId("feeder-1"), METER, 22_000);
  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);
  private static final int FLOOR = 280;

  /** All that the pile can deliver in the window. */
  private static final WattHours ALL = new WattHours(22_000);

  private static final PileDesk DESK =
      new PileDesk(
          new PilePolicy(
              POINT,
              new PricePolicy(Side.ASK, new Amount(320), new Amount(FLOOR), new Amount(30)),
              WattHours.ZERO,
              Optional.empty(),
              ON_DEFAULT,
              false,
              new Amount(1)));

  private final List<MatchView> matches = new ArrayList<>();
  private final List<OrderView> orders = new ArrayList<>();
  private Set<Trader> active = Set.of(PILE, CAR);
  private Set<String> underWay = Set.of();

  private static Trader trader(int number) {
    return new Trader("0x%040x".formatted(number));
  }

  private static OrderView order(
      int number, Trader buyer, int price, OrderStage stage, Instant deadline) {
    OrderTerms terms =
        new OrderTerms(
            new OrderId(number),
            Optional.empty(),
            PILE,
            buyer,
            TradePrice.of(new Amount(price)),
            ALL,
            new DeliveryWindow(NOW.plusSeconds(3600), NOW.plusSeconds(7200)),
            new DeliveryPoint(POINT.feeder(), POINT.pile(), Direction.IMPORT),
            EnergyType.ELECTRICITY,
            ALL.value(),
            1,
            ON_DEFAULT.rule(TradePrice.of(new Amount(price)), ALL, ModelMarket.RULES),
            ModelMarket.RULES.charges());
    ContractTerms deal =
        new ContractTerms(
            terms,
            Optional.of(new MatchedQuotes(new QuoteId(number), new QuoteId(1000 + number))),
            METER);
    return new OrderView(
        deal.key(), deal, stage, deadline, true, false, terms.escrow(), Amount.ZERO);
  }

  private OrderView request(int number, Trader buyer, int price) {
    OrderView order = order(number, buyer, price, OrderStage.REQUESTED, NOW.plusSeconds(600));
    orders.add(order);
    return order;
  }

  private OrderView matched(int number, Trader buyer, int price) {
    OrderView order = request(number, buyer, price);
    matches.add(
        new MatchView(
            order.deal().match().orElseThrow(),
            5,
            NOW,
            PILE,
            buyer,
            order.terms().price(),
            order.terms().energy()));
    return order;
  }

  private MarketView view(Trader self) {
    return new MarketView(
        self,
        NOW,
        ModelMarket.RULES,
        Optional.empty(),
        List.of(),
        List.of(),
        matches,
        orders,
        List.of(),
        NOW,
        Amount.ZERO,
        new Amount(1_000_000),
        active,
        underWay);
  }

  private Decision look() {
    return DESK.next(view(PILE), new OwnSide(true, false, true, Map.of(), Map.of()), Outages.NONE);
  }

  @Test
  void aStrangersRequestsAreNeverAnsweredAndToldOfOnce() {
    for (int i = 1; i <= 300; i++) {
      request(i, STRANGER, 0);
    }
    Decision decision = look();
    assertEquals(List.of(), decision.actions());
    assertEquals(1, Set.copyOf(decision.notices()).size());
  }

  @Test
  void whatCannotBindIsNotPromised() {
    matched(1, STRANGER, 300);
    OrderView honest = matched(2, CAR, 300);
    assertEquals(List.of(new DeskAction.Confirm(honest)), look().actions());
  }

  @Test
  void aRegisteredBuyersRequestOfNoMatchIsLeftToExpire() {
    OrderView order = request(1, CAR, 300);
    Decision decision = look();
    assertEquals(List.of(), decision.actions());
    assertTrue(decision.notices().getFirst().contains(order.key().toString()), decision::toString);
  }

  @Test
  void fewRequestsOfACyclesMatchesAreRefused() {
    for (int i = 1; i <= 30; i++) {
      matched(i, CAR, FLOOR - 1);
    }
    Decision decision = look();
    assertEquals(SellerOrders.MOST_REFUSALS, decision.actions().size());
    decision.actions().forEach(action -> assertInstanceOf(DeskAction.Refuse.class, action));

    // some of them are in a block, the others wait for one
    orders.subList(0, 5).replaceAll(o -> withStage(o, OrderStage.REFUSED));
    underWay =
        Set.of(
            DeskAction.OfOrder.subjectOf(orders.get(5).key()),
            DeskAction.OfOrder.subjectOf(orders.get(6).key()));
    assertEquals(1, look().actions().size());
  }

  private static OrderView withStage(OrderView o, OrderStage stage) {
    return new OrderView(
        o.key(), o.deal(), stage, Instant.EPOCH, true, true, o.held(), o.acknowledged());
  }

  @Test
  void whatConflictsWithAnUndecidedRequestWaits() {
    OrderView first = matched(1, CAR, 300);
    OrderView second = matched(2, CAR, 300);
    assertEquals(List.of(new DeskAction.Confirm(first)), look().actions());
    underWay = Set.of(DeskAction.OfOrder.subjectOf(first.key()));
    assertEquals(List.of(), look().actions(), "the second is neither confirmed nor refused");
    underWay = Set.of();
    orders.set(0, withStage(first, OrderStage.EXPIRED));
    assertEquals(List.of(new DeskAction.Confirm(second)), look().actions());
    orders.set(0, withStage(first, OrderStage.RECORDED));
    assertEquals(second.key(), refused(look().actions().getLast()).key());
  }

  private static OrderView refused(DeskAction action) {
    return assertInstanceOf(DeskAction.Refuse.class, action).order();
  }

  @Test
  void aPileThatIsNoActivePartyConfirmsNothing() {
    matched(1, CAR, 300);
    active = Set.of(CAR);
    Decision decision = look();
    assertEquals(List.of(), decision.actions());
    assertEquals(1, decision.notices().size());
  }

  @Test
  void anAgencyReviewsTheFirstToBeLateFirstAndFewAtOnce() {
    AgencyDesk desk = new AgencyDesk(new AgencyDesk.Policy(Set.of(), Map.of(), new Amount(1)));
    for (int i = 1; i <= 100; i++) {
      orders.add(order(i, CAR, 300, OrderStage.ESTABLISHED, NOW.plusSeconds(1000 - i)));
    }
    OwnSide own = new OwnSide(true, false, true, Map.of(), Map.of());
    List<DeskAction> first = desk.next(view(ModelMarket.AGENCY), own, Outages.NONE).actions();
    assertEquals(
        IntStream.range(0, AgencyDesk.MOST_AT_ONCE)
            .<DeskAction>mapToObj(i -> new DeskAction.Review(orders.get(99 - i)))
            .toList(),
        first);
    underWay = Set.of(first.get(0).subject(), first.get(1).subject());
    assertEquals(
        first.subList(2, first.size()),
        desk.next(view(ModelMarket.AGENCY), own, Outages.NONE).actions());
  }
}
