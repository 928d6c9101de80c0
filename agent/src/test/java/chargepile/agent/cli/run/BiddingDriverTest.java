package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.ContractArtifact;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.ChainCertificate;
import chargepile.agent.identity.EvmAccount;
import chargepile.agent.identity.PartyId;
import chargepile.agent.identity.Registration;
import chargepile.agent.identity.Role;
import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.CycleRules;
import chargepile.agent.market.desk.CycleView;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.ReviewingAgency;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code driver charge --bid} and a pile as programs on the real contracts: quotes, order, review,
 * the order's session and its settlement (P1-42, P2-06 to P2-12).
 */
@Tag("slow")
class BiddingDriverTest {
  private static final FeederId FEEDER = new FeederId("feeder-9");
  private static final long RATED_W = 22_000;
  private static final EvmAddress NOBODY = EvmAddress.of("0x" + "00".repeat(20));
  private static final Duration TICK = Duration.ofSeconds(1);

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

  @TempDir private Path folder;

  /** The pile and the driver of a test, registered; and the agency, which is the test itself. */
  private final class World implements AutoCloseable {
    private final MarketChain chain = MarketChain.open(RULES);
    private final PrivateBroker broker = RealBroker.start();
    private final ReviewingAgency agency;
    private final EvmAddress channels;
    private long ticked = System.nanoTime();
    private boolean hasty = true;

    World() throws Exception {
      channels =
          chain.anvil.create(
              Anvil.key(0),
              ContractArtifact.load("VoucherChannel")
                  .creation("v", 3600L, 86_400L, 86_400L, NOBODY));
      PartyId pile = new PartyId("pile-9");
      PileId id = ChainNames.pile(RegistryContract.id(pile));
      register("pile", pile, Role.PILE);
      register("driver", new PartyId("car-9"), Role.USER);
      var unused =
          chain.done(chain.agency, chain.board.publishFeeders("9", Map.of(FEEDER, RATED_W)));
      unused = chain.done(chain.agency, chain.board.publishPiles("9", Map.of(id, FEEDER)));
      chain.at(MarketChain.GENESIS.plus(MarketChain.NOTICE).plusSeconds(2));
      agency = new ReviewingAgency(chain, Map.of(id, keys("pile").meterId()));
      Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,20000\n6000,0\n");
      Files.writeString(folder.resolve("evm.toml"), evm());
      Files.writeString(
          folder.resolve("pile.toml"),
          """
          ledger = "evm"
          [pile]
          id = "pile-1"
          data_dir = "pile"
          [gpio]
          backend = "simulated"
          trace_file = "car.csv"
          [mqtt]
          broker_url = "%s"
          [tariff]
          price_base_units_per_kwh = 390
          [exposure]
          increment_wh = 10
          credit_wh = 30
          %s
          [market]
          registry = "%s"
          offer_board = "%s"
          quote_book = "%s"
          order_book = "%s"
          review_board = "%s"
          settlement_log = "%s"
          feeder = "%s"
          ask_start_base_units_per_kwh = 330
          ask_floor_base_units_per_kwh = 330
          energy_wh = 100
          lead_s = 4500
          """
              .formatted(
                  broker.url(),
                  evm(),
                  chain.registry.address(),
                  chain.offers.address(),
                  chain.quotes.address(),
                  chain.orders.address(),
                  chain.board.address(),
                  chain.settlements.address(),
                  FEEDER.value()));
    }

    private NodeKeys keys(String who) throws Exception {
      Path home = Files.createDirectories(folder.resolve(who));
      return new NodeKeys(
          SeedFile.open(home.resolve("seed"), Optional.empty(), home.resolve(who + ".db")),
          new BouncyCastleSigner());
    }

    private void register(String who, PartyId party, Role role) throws Exception {
      NodeKeys keys = keys(who);
      EvmKey key = new EvmKey(keys.accountKey(), keys.signer());
      chain.anvil.setBalance(key.address(), Wei.ofGwei(1_000_000_000_000L));
      chain.anvil.give(chain.token.address(), key.address(), MarketChain.WEALTH);
      boolean isPile = role == Role.PILE;
      ChainCertificate certificate =
          new ChainCertificate(
              new Registration(
                  Keccak256.hash("parameters"),
                  1,
                  party,
                  role,
                  1,
                  chain.identities.party(party.value(), role).key().publicKey(),
                  keys.nodeId(),
                  isPile ? Optional.of(keys.meterId()) : Optional.empty(),
                  isPile ? Optional.of(RATED_W) : Optional.empty(),
                  Optional.of(
                      new EvmAccount(
                          key.address().value(), Anvil.CHAIN_ID, chain.registry.address().value())),
                  MarketChain.GENESIS.minus(Duration.ofDays(30)),
                  MarketChain.GENESIS.plus(Duration.ofDays(365))),
              Optional.empty());
      var unused =
          chain.anvil.carryOut(
              key,
              chain.token.approve("bond", chain.registry.address(), new Amount(Long.MAX_VALUE)));
      unused =
          chain.anvil.carryOut(
              key,
              chain.registry.register(
                  certificate,
                  certificate.sign(keys.signer(), chain.centre.secret()),
                  Optional.empty()));
    }

    private String evm() {
      return """
      [evm]
      rpc_url = "%s"
      chain_id = %d
      voucher_channel = "%s"
      token = "%s"
      finality = "depth"
      final_depth_blocks = 1
      poll_s = 1
      challenge_period_s = 7200
      minimum_challenge_period_s = 3600
      least_deposit_base_units = 100
      deposit_base_units = 1000
      """
          .formatted(chain.anvil.endpoint().url(), Anvil.CHAIN_ID, channels, chain.token.address());
    }

    Program pile() throws IOException {
      return new Program(this::tick, "run", "--config", folder.resolve("pile.toml").toString());
    }

    Program driver(String address, String... more) throws IOException {
      return driverOf("driver", address, more);
    }

    Program driverOf(String home, String address, String... more) throws IOException {
      String[] args = new String[5 + more.length];
      args[0] = "driver";
      args[1] = "charge";
      args[2] = "--pile=" + address;
      args[3] = "--data=" + folder.resolve(home);
      args[4] = "--evm=" + folder.resolve("evm.toml");
      System.arraycopy(more, 0, args, 5, more.length);
      return new Program(this::tick, args);
    }

    /** A second of a person's is some of the chain's; what is waited for comes sooner. */
    private void tick() {
      if (System.nanoTime() - ticked < TICK.toNanos()) {
        return;
      }
      ticked = System.nanoTime();
      Optional<MarketView> view = agency.look();
      chain.pass(view.map(this::step).orElse(TICK));
    }

    private Duration step(MarketView view) {
      if (!hasty) {
        return TICK;
      }
      return view.cycle()
          .filter(cycle -> !isMatching(cycle, view.now()))
          .map(cycle -> Duration.ofSeconds(20))
          .orElse(Duration.ofSeconds(5));
    }

    private static boolean isMatching(CycleView cycle, Instant now) {
      return !now.isBefore(cycle.standsFrom());
    }

    /** As fast as people live, from here on. */
    void at(Instant time) {
      hasty = false;
      chain.at(time);
    }

    /** What the driver asked for, as the chain tells it. */
    ContractTerms ordered() {
      return chain.orders.history(chain.since, chain.head().number()).stream()
          .filter(OrderLog.Requested.class::isInstance)
          .flatMap(log -> ((OrderLog.Requested) log).terms().stream())
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() {
      broker.close();
      chain.close();
    }
  }

  @Test
  void whatIsBidForIsOrderedChargedAtItsPriceAndSettled() throws Exception {
    try (World world = new World();
        Program pile = world.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      ContractTerms order;
      try (Program driver =
          world.driver(
              address, "--market=" + world.chain.orders.address(), "--bid=390", "--energy=100")) {
        driver.await(line -> line.startsWith("buying 100 Wh at "));
        driver.await(line -> line.startsWith("bidding "));
        // Halfway between the pile's 330 and the driver's 390.
        driver.await(line -> line.startsWith("matched: 100 Wh at "));
        driver.await(line -> line.contains(" is on record: plug the car in between "));
        order = world.ordered();
        assertEquals(720, order.order().price().doubled());
        driver.kill();
      }
      assertTrue(Files.exists(folder.resolve("driver/market-want")));
      world.at(order.order().window().start().plusSeconds(1));
      try (Program driver = world.driver(address)) {
        driver.await(line -> line.startsWith("the time of order "));
        driver.await(line -> line.startsWith("session ended"));
        driver.await(line -> line.startsWith("paid ") && line.contains("the meter says"));
        world.at(order.order().window().end().plusSeconds(1));
        world.at(order.order().window().end().plus(Duration.ofMinutes(61)));
        driver.await(line -> line.endsWith(" is settled"));
        driver.await(line -> line.equals("all is bought, charged and settled"));
        assertEquals(0, driver.exit(), driver.said());
      }
      assertFalse(Files.exists(folder.resolve("driver/market-want")));
    }
  }

  @Test
  void whoIsNotRegisteredIsToldWhatToDo() throws Exception {
    try (World world = new World();
        Program pile = world.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver =
          world.driverOf(
              "other",
              address,
              "--market=" + world.chain.orders.address(),
              "--bid=390",
              "--energy=100")) {
        driver.await(line -> line.contains("is not registered: enter it with chargepile market"));
        assertEquals(1, driver.exit());
      }
    }
  }
}
