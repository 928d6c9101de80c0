package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.energy.Tariff;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.MarketChain.Member;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.CycleRules;
import chargepile.agent.market.Side;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.desk.BuyerPolicy;
import chargepile.agent.market.desk.DefaultPolicy;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.DriverDesk;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.PileDesk;
import chargepile.agent.market.desk.PilePoint;
import chargepile.agent.market.desk.PilePolicy;
import chargepile.agent.market.desk.PricePolicy;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.session.ContractInMemory;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.eip712.Domain;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Pile, driver and agency trade by themselves on the real contracts, and a simulated car charges at
 * the order's terms over a voucher channel: P1-42, P2-05 to P2-12.
 */
@Tag("slow")
class MarketOnChainTest {
  private static final DefaultPolicy ON_DEFAULT = new DefaultPolicy(new Amount(60), 500);

  /** Three rounds of five minutes, the last minute of each for matching. */
  private static final MarketRules RULES =
      new MarketRules(
          MarketChain.GENESIS,
          new CycleRules(
              CrossRule.STRICT,
              Duration.ofMinutes(15),
              3,
              100,
              new BookLimits(32, 4, new WattHours(2))),
          Duration.ofMinutes(1));

  private final ContractInMemory vouchers = new ContractInMemory(TwoNodes.SIGNER);
  private final AtomicReference<MarketReport> seen = new AtomicReference<>();
  private final AtomicReference<MarketReport> driverSeen = new AtomicReference<>();

  private static VoucherSettings settings(MarketChain chain) {
    return new VoucherSettings(
        new Domain(31337, chain.orders.address()),
        chain.token.address(),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        new Amount(1000),
        Duration.ofMinutes(5));
  }

  private static DriverPolicy driverPolicy() {
    return new DriverPolicy(
        TwoNodes.DRIVER.highestPrice(),
        TwoNodes.DRIVER.highestMinutePrice(),
        TwoNodes.DRIVER.lowestPrice(),
        TwoNodes.DRIVER.largestIncrement(),
        TwoNodes.DRIVER.directions(),
        TwoNodes.DRIVER.limits(),
        TwoNodes.DRIVER.tolerance(),
        Optional.of(new DriverPolicy.Deposit(new Amount(100_000_000))),
        TwoNodes.DRIVER.closeTimeout(),
        TwoNodes.DRIVER.pileTimeout());
  }

  private static PilePoint point(MarketChain chain) {
    return new PilePoint(
        chain.seller.pile(),
        MarketChain.FEEDER,
        EvmSignature.address(chain.seller.meter().publicKey()),
        MarketChain.RATED_W);
  }

  private static Desk pileDesk(MarketChain chain) {
    return new PileDesk(
        new PilePolicy(
            point(chain),
            new PricePolicy(Side.ASK, new Amount(390), new Amount(330), new Amount(30)),
            new WattHours(300),
            Optional.of(
                new PilePolicy.Shop(new Amount(395), new WattHours(5000), Duration.ofHours(24))),
            ON_DEFAULT,
            true,
            new Amount(1)));
  }

  private static Desk driverDesk(MarketChain chain) {
    return new DriverDesk(
        new BuyerPolicy(
            new PricePolicy(Side.BID, new Amount(330), new Amount(400), new Amount(20)),
            new WattHours(400),
            MarketChain.GENESIS,
            Map.of(ChainNames.trader(chain.seller.account()), point(chain)),
            Duration.ofMinutes(75),
            Duration.ofMinutes(20),
            Duration.ofMinutes(10),
            ON_DEFAULT,
            new Amount(200),
            Duration.ofMinutes(1),
            false,
            new Amount(1)));
  }

  private Market market(
      MarketChain chain,
      Member member,
      Desk desk,
      Optional<PrivateKey> meter,
      Map<PileId, PublicKey> meters,
      AtomicReference<MarketReport> sink) {
    MarketContracts contracts = MarketContracts.of(chain.node, chain.orders.address(), chain.since);
    AtomicReference<byte[]> disk = new AtomicReference<>();
    return new Market(
        EvmMarketLedger.of(
            contracts,
            member.secret(),
            TwoNodes.SIGNER,
            chain.sender(member),
            () -> Wei.ZERO,
            meter,
            meters,
            !meters.isEmpty(),
            _ -> () -> {}),
        desk,
        new MarketMemory() {
          @Override
          public Optional<byte[]> load() {
            return Optional.ofNullable(disk.get());
          }

          @Override
          public void save(byte[] remembered) {
            disk.set(remembered);
          }
        },
        Runnable::run,
        sink::set,
        Optional.of(chain::now));
  }

  /** The nodes, an agency, and a chain whose time is told. */
  private final class World implements AutoCloseable {
    final MarketChain chain;
    final TwoNodes nodes;
    final AgencyNode agency;

    World() throws Exception {
      chain = MarketChain.open(RULES);
      nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(driverPolicy()));
      nodes.pileLedger =
          () -> new NodeLedger.Evm(new Ledger(), settings(chain), chain.seller.secret());
      nodes.driverLedger =
          () -> new NodeLedger.Evm(new Ledger(), settings(chain), chain.buyer.secret());
      nodes.pileMarket =
          Optional.of(
              market(
                  chain,
                  chain.seller,
                  pileDesk(chain),
                  Optional.of(chain.seller.meter()),
                  Map.of(),
                  seen));
      nodes.driverMarket =
          Optional.of(
              market(
                  chain, chain.buyer, driverDesk(chain), Optional.empty(), Map.of(), driverSeen));
      agency =
          new AgencyNode(
              market(
                  chain,
                  chain.agency,
                  new AgencyDesk(new AgencyDesk.Policy(Set.of(), Map.of(), new Amount(1))),
                  Optional.empty(),
                  Map.of(chain.seller.pile(), chain.seller.meter().publicKey()),
                  new AtomicReference<>()),
              Lane.thread("agency"),
              new TwoNodes.VirtualTime(nodes.clock));
      nodes.start();
      agency.start();
      for (int i = 0; i < 40 && leg().life() != PaymentLeg.Life.IN_USE; i++) {
        nodes.run(Duration.ofSeconds(12));
        vouchers.mine();
      }
      assertEquals(PaymentLeg.Life.IN_USE, leg().life());
    }

    PaymentLeg leg() {
      return nodes
          .pile
          .state()
          .leg(new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId());
    }

    void step(Duration onChain) {
      chain.pass(onChain);
      nodes.run(Duration.ofSeconds(12));
      vouchers.mine();
      long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!agency.isIdle() && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      for (Member member : List.of(chain.seller, chain.buyer, chain.agency)) {
        var unused = chain.sender(member).advance();
      }
      assertEquals(Optional.empty(), agency.failure());
      assertEquals(Optional.empty(), nodes.pile.failure());
      assertEquals(Optional.empty(), nodes.driver.failure());
    }

    void until(String what, Duration step, int most, BooleanSupplier done) {
      for (int i = 0; i < most; i++) {
        if (done.getAsBoolean()) {
          return;
        }
        step(step);
      }
      assertTrue(done.getAsBoolean(), () -> what + " does not come about: " + orders());
    }

    /** The orders as the pile saw them last. */
    List<OrderView> orders() {
      MarketReport last = seen.get();
      return last == null ? List.of() : last.view().orders();
    }

    long owed(Member member) {
      return chain.orders.owed(member.account(), BlockRef.LATEST).value();
    }

    boolean isAt(int order, OrderStage stage) {
      return orders().size() > order && orders().get(order).stage() == stage;
    }

    @Override
    public void close() {
      agency.close();
      nodes.close();
      chain.close();
    }
  }

  @Test
  void twoCyclesOfQuotesMakeOrdersOfWhichOneIsDeliveredAndTheOtherInDefault() throws Exception {
    try (World world = new World()) {
      Duration step = Duration.ofSeconds(30);
      world.until("both orders", step, 120, () -> world.isAt(1, OrderStage.RECORDED));
      List<OrderView> orders = world.orders();
      // 390 and 330, 360 and 350; the third round crosses: 330 and 370
      assertEquals(700, orders.get(0).terms().price().doubled());
      assertEquals(300, orders.get(0).terms().energy().value());
      assertEquals(700, orders.get(1).terms().price().doubled());
      assertEquals(100, orders.get(1).terms().energy().value());
      assertEquals(OrderStage.RECORDED, orders.get(0).stage());
      assertEquals(
          1,
          Objects.requireNonNull(seen.get()).view().listings().size(),
          "one listing, as the tariff is");

      // the car comes some time before its window
      Instant start = orders.get(0).terms().window().start();
      world.chain.at(start.minus(Duration.ofMinutes(1)));
      world.step(Duration.ofSeconds(12));
      world.nodes.hardware.plugIn();
      world.step(Duration.ofSeconds(12));
      assertTrue(world.nodes.pile.state().session().isEmpty(), "not yet");
      world.until(
          "the end of the session",
          Duration.ofSeconds(12),
          60,
          () ->
              world
                  .nodes
                  .pile
                  .state()
                  .session()
                  .filter(s -> s.phase() instanceof Phase.Ended)
                  .isPresent());
      var session = world.nodes.pile.state().session().orElseThrow();
      Tariff tariff = session.offer().tariff();
      assertEquals(new Amount(350), tariff.importPricePerKwh());
      assertEquals(StopReason.ENERGY_LIMIT, ((Phase.Ended) session.phase()).reason());
      assertEquals(300_000, world.nodes.delivered());
      assertEquals(new Amount(105), world.leg().paid(session.id()).imported().amount());
      world.until(
          "the receipt",
          Duration.ofSeconds(12),
          20,
          () -> world.orders().get(0).acknowledged().value() == 105);

      world.step(Duration.ofSeconds(12));
      assertEquals(
          Optional.of(new Amount(105)),
          Objects.requireNonNull(driverSeen.get())
              .own()
              .testimony()
              .getOrDefault(orders.get(0).key(), Testimony.NONE)
              .receipt()
              .map(receipt -> receipt.paid()),
          "the driver could show what it has paid");

      // the pile is not there in the second window
      world.nodes.hardware.unplug();
      world.step(Duration.ofSeconds(12));
      Instant second = orders.get(1).terms().window().start();
      if (world.chain.now().isBefore(second.minus(Duration.ofMinutes(1)))) {
        world.chain.at(second.minus(Duration.ofMinutes(1)));
      }
      world.step(Duration.ofSeconds(12));
      world.chain.at(orders.get(1).terms().window().end().plusSeconds(1));
      world.nodes.killPile();
      world.step(Duration.ofSeconds(12));

      // a receipts' time after the ends of both
      world.chain.at(orders.get(1).terms().window().end().plus(Duration.ofMinutes(61)));
      world.until(
          "the end of both orders",
          Duration.ofSeconds(12),
          30,
          () -> world.isAt(0, OrderStage.SETTLED) && world.isAt(1, OrderStage.DEFAULTED));
      world.until(
          "the payouts",
          Duration.ofSeconds(12),
          20,
          () -> world.owed(world.chain.buyer) == 0 && world.owed(world.chain.seller) == 0);

      // fees of 3 % and 0.5 % of 105, rounded down; 95 Wh beyond the tolerance at 60 a kWh
      long wealth = MarketChain.WEALTH.value();
      assertEquals(wealth + 5, world.chain.balance(world.chain.buyer.account()).value());
      long bond = world.chain.registry.bondFor(MarketChain.RATED_W).value();
      assertEquals(
          wealth - bond - 3 - 5, world.chain.balance(world.chain.seller.account()).value());
    }
  }

  private final class Ledger implements VoucherLedger {
    @Override
    public ChainView view(VoucherSetup channel) {
      return vouchers.view(channel);
    }

    @Override
    public Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
      vouchers.send(errand);
      return Optional.empty();
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
      return () -> {};
    }
  }
}
