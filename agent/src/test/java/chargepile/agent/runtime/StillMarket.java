package chargepile.agent.runtime;

import chargepile.agent.market.CrossRule;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.Side;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.CycleView;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.TradeRules;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A market on which nothing happens: a quote, a listing and an order that was requested. */
final class StillMarket implements MarketLedger {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Trader PILE = trader(1);
  static final Trader CAR = trader(2);
  static final TradeRules RULES =
      new TradeRules(
          CrossRule.STRICT,
          10,
          new WattHours(1),
          Duration.ofHours(1),
          Duration.ofDays(1),
          Amount.ZERO,
          new Amount(1000),
          TradeRules.Least.NONE,
          new Charges(RevenueSplit.Fees.NONE, trader(3), trader(4)),
          1,
          Duration.ofHours(1));
  static final OrderTerms TERMS =
      new OrderTerms(
          new OrderId(2),
          Optional.empty(),
          PILE,
          CAR,
          new TradePrice(701),
          new WattHours(5000),
          new DeliveryWindow(NOW.plusSeconds(7200), NOW.plusSeconds(10_800)),
          new DeliveryPoint(new FeederId("feeder-1"), new PileId("pile-1"), Direction.IMPORT),
          EnergyType.ELECTRICITY,
          5000,
          1,
          new DefaultRule(Amount.ZERO, Amount.ZERO, 0),
          RULES.charges());

  private static Trader trader(int number) {
    return new Trader("0x%040x".formatted(number));
  }

  static OrderView order(OrderStage stage) {
    ContractTerms terms =
        new ContractTerms(
            TERMS,
            Optional.of(new MatchedQuotes(new QuoteId(1), new QuoteId(2))),
            EvmAddress.of("0x%040x".formatted(9)));
    return new OrderView(
        terms.key(), terms, stage, NOW.plusSeconds(600), true, false, TERMS.escrow(), Amount.ZERO);
  }

  static MarketView shown(List<OrderView> orders) {
    return shown(NOW, orders);
  }

  static MarketView shown(Instant now, List<OrderView> orders) {
    Quote quote = new Quote(new QuoteId(3), PILE, Side.ASK, new Amount(350), new WattHours(1000));
    return new MarketView(
        PILE,
        now,
        RULES,
        Optional.of(new CycleView(7, 1, 3, NOW.plusSeconds(60), NOW.plusSeconds(90), false)),
        List.of(new Resting(quote, quote.energy(), 3)),
        List.of(),
        List.of(),
        orders,
        List.of(
            Listing.publish(
                new ListingId(1),
                PILE,
                new TradePrice(701),
                EnergyType.ELECTRICITY,
                new WattHours(9000),
                TERMS.window(),
                ByteVector32.Zeroes)),
        NOW,
        Amount.ZERO,
        new Amount(1_000_000),
        Set.of(PILE, CAR),
        Set.of());
  }

  /** With a desk that wants nothing, and says so. */
  static Market withAnIdleDesk() {
    return new Market(
        new StillMarket(),
        (view, own, remembered) ->
            new Decision(List.of(), List.of(), remembered, List.of("nothing is wanted")),
        new Forgetful(),
        Runnable::run,
        report -> {},
        Optional.of(() -> NOW));
  }

  /** Keeps nothing. */
  static final class Forgetful implements MarketMemory {
    @Override
    public Optional<byte[]> load() {
      return Optional.empty();
    }

    @Override
    public void save(byte[] remembered) {}
  }

  @Override
  public MarketView view() {
    return shown(List.of(order(OrderStage.REQUESTED)));
  }

  @Override
  public void carryOut(DeskAction action) {
    throw new AssertionError("nobody wants " + action);
  }

  @Override
  public ByteVector receipt(OrderKey order, Amount paid) {
    return new ByteVector(new byte[65]);
  }

  @Override
  public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
    return false;
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return () -> {};
  }
}
