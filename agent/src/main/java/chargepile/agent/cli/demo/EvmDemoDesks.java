package chargepile.agent.cli.demo;

import chargepile.agent.cli.market.chain.Part;
import chargepile.agent.cli.market.chain.Rule;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.Role;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.BuyerPolicy;
import chargepile.agent.market.desk.DefaultPolicy;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.DriverDesk;
import chargepile.agent.market.desk.PileDesk;
import chargepile.agent.market.desk.PilePoint;
import chargepile.agent.market.desk.PilePolicy;
import chargepile.agent.market.desk.PricePolicy;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How the demo's pile and driver trade. The pile asks a little more than the demo's price and comes
 * down to it from round to round. The driver bids less and goes up: in the first cycle not far
 * enough, so that it has to raise its limit.
 */
final class EvmDemoDesks {
  static final FeederId FEEDER = new FeederId("demo-feeder");

  /** How the market's rules are for a demo: what matters can be seen within two cycles. */
  static final Map<Rule, Long> RULES =
      Map.of(
          Rule.OWED_HOURS, 1L,
          Rule.NOTICE, Duration.ofHours(1).toSeconds(),
          Rule.MINIMUM_FILL_WH, 1L,
          Rule.LEAST_ENERGY_WH, 1L);

  private static final Duration AHEAD = Duration.ofMinutes(20);
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final Duration MATCH_LIFE = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int TOLERANCE_BP = 500;
  private static final Amount ANY = new Amount(1);

  private final DemoOptions options;
  private final EvmDemoMarket market;
  private final DemoWorld world;
  private final long ratedWatts;

  EvmDemoDesks(DemoOptions options, EvmDemoMarket market, DemoWorld world, long ratedWatts) {
    this.options = options;
    this.market = market;
    this.world = world;
    this.ratedWatts = ratedWatts;
  }

  static PileId pileId() {
    return ChainNames.pile(RegistryContract.id(EvmDemoCentre.name(Role.PILE)));
  }

  MarketContracts contracts(EvmDemoChain chain) {
    return MarketContracts.of(
        chain.node(), market.contracts().of(Part.ORDERS), market.contracts().since());
  }

  /** What the car takes, in whole watt-hours. */
  WattHours wanted() {
    return new WattHours(options.trace().importMilliWattHours() / 1000);
  }

  Desk pile() {
    WattHours hour = new WattHours(ratedWatts);
    return new PileDesk(
        new PilePolicy(
            point(),
            new PricePolicy(Side.ASK, percent(110), percent(100), percent(5)),
            hour.compareTo(wanted()) >= 0 ? hour : wanted(),
            Optional.empty(),
            onDefault(),
            true,
            ANY));
  }

  /**
   * The driver's.
   *
   * @param firstCycle in which it still hopes for less
   */
  Desk driver(long firstCycle, Instant since) {
    Desk hoping = driver(new PricePolicy(Side.BID, percent(80), percent(90), percent(5)), since);
    Desk willing = driver(new PricePolicy(Side.BID, percent(95), percent(105), percent(5)), since);
    return (view, own, remembered) -> {
      boolean early = view.cycle().filter(cycle -> cycle.number() <= firstCycle).isPresent();
      return (early ? hoping : willing).next(view, own, remembered);
    };
  }

  private Desk driver(PricePolicy price, Instant since) {
    Trader seller = ChainNames.trader(market.pile().address());
    Duration twice = options.trace().duration().multipliedBy(2);
    return new DriverDesk(
        new BuyerPolicy(
            price,
            wanted(),
            since,
            Map.of(seller, point()),
            AHEAD,
            twice.compareTo(WINDOW) > 0 ? twice : WINDOW,
            MATCH_LIFE,
            onDefault(),
            market.deposit(),
            PATIENCE,
            true,
            ANY));
  }

  private PilePoint point() {
    return new PilePoint(
        pileId(), FEEDER, EvmSignature.address(world.pile.keys().meterId()), ratedWatts);
  }

  private DefaultPolicy onDefault() {
    return new DefaultPolicy(percent(10), TOLERANCE_BP);
  }

  /** Of the demo's price. */
  private Amount percent(int percent) {
    return new Amount(options.pricePerKwh().value() * percent / 100);
  }
}
