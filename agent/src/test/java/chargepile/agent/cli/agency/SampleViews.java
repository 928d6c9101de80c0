package chargepile.agent.cli.agency;

import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.Wei;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
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
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agency may see of a market. */
final class SampleViews {
  static final Instant DEADLINE = Instant.parse("2026-01-01T12:00:00Z");
  static final Trader AGENCY = trader(4);
  static final Trader GRID = trader(3);
  private static final Trader PILE = trader(1);
  private static final Trader CAR = trader(2);
  private static final Charges CHARGES = new Charges(RevenueSplit.Fees.NONE, GRID, AGENCY);

  private SampleViews() {}

  private static Trader trader(int number) {
    return new Trader("0x%040x".formatted(number));
  }

  static EvmBlock block(long number) {
    return new EvmBlock(
        number, ByteVector32.One, ByteVector32.Zeroes, DEADLINE.minusSeconds(600), Wei.ZERO);
  }

  /** Waits for its review until {@link #DEADLINE}. */
  static OrderView established(int id) {
    return order(id, PILE);
  }

  static OrderView ofGrid() {
    return order(99, GRID);
  }

  private static OrderView order(int id, Trader seller) {
    ContractTerms terms =
        new ContractTerms(
            new OrderTerms(
                new OrderId(id),
                Optional.empty(),
                seller,
                CAR,
                new TradePrice(700),
                new WattHours(5000),
                new DeliveryWindow(DEADLINE.plusSeconds(3600), DEADLINE.plusSeconds(7200)),
                new DeliveryPoint(new FeederId("feeder-1"), new PileId("pile-1"), Direction.IMPORT),
                EnergyType.ELECTRICITY,
                5000,
                1,
                new DefaultRule(Amount.ZERO, Amount.ZERO, 0),
                CHARGES),
            Optional.empty(),
            EvmAddress.of("0x%040x".formatted(9)));
    return new OrderView(
        terms.key(),
        terms,
        OrderStage.ESTABLISHED,
        DEADLINE,
        true,
        true,
        terms.order().escrow(),
        Amount.ZERO);
  }

  static MarketView at(Instant now, List<OrderView> orders, Set<String> underWay) {
    return new MarketView(
        AGENCY,
        now,
        new TradeRules(
            CrossRule.STRICT,
            10,
            new WattHours(1),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Amount.ZERO,
            new Amount(1000),
            TradeRules.Least.NONE,
            CHARGES,
            1,
            Duration.ofHours(1)),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        orders,
        List.of(),
        now,
        Amount.ZERO,
        Amount.ZERO,
        Set.of(),
        underWay);
  }
}
