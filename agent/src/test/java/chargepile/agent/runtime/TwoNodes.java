package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.store.MemoryStore;
import chargepile.agent.store.Store;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.Disturbances;
import chargepile.hal.sim.PowerTrace;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A pile and a driver as they run in earnest, with a thread each, between a simulated pile, a chain
 * and a broker in this process. Virtual time, which is also the links' and the broker's, takes a
 * step when both have done all that followed from the last one, so a run depends on its seed alone.
 */
final class TwoNodes implements AutoCloseable {
  static final Signer SIGNER = Signer.best();
  static final Topics TOPICS = Topics.of("test");
  static final Duration LONG = Duration.ofHours(12);
  static final long CREDIT = 20_000;

  /** 7 kW for 4 minutes: 466 pulses of a watt-hour. */
  static final PowerTrace TRACE =
      new PowerTrace(List.of(new PowerTrace.Step(Duration.ofSeconds(240).toNanos(), 7_000_000)));

  static final MeterSettings METER = MeterSettings.s0(1000, 11_000);
  static final PileSettings PILE =
      new PileSettings(
          METER,
          PlausibilityLimits.of(METER),
          new Tariff(7, new Amount(100_000_000), new Amount(50_000_000), Amount.ZERO),
          new Exposure(new MilliWattHours(CREDIT), new MilliWattHours(CREDIT)),
          Set.of(Direction.IMPORT),
          PileSettings.Switching.USUAL,
          Duration.ofSeconds(120),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofSeconds(60),
          new MilliWattHours(5_000),
          true,
          true);
  static final DriverPolicy DRIVER =
      new DriverPolicy(
          new Amount(100_000_000),
          Amount.ZERO,
          new Amount(50_000_000),
          new MilliWattHours(CREDIT),
          Set.of(Direction.IMPORT),
          Limits.NONE,
          new MilliWattHours(4_000),
          Optional.of(
              new DriverPolicy.Funding(new Satoshi(100_000), Amount.ZERO, new Feerate(1000))),
          Duration.ofSeconds(120),
          Duration.ofSeconds(300));

  /** What can differ from run to run. */
  record Terms(
      PileSettings pile,
      DriverPolicy driver,
      PowerTrace trace,
      Disturbances disturbances,
      MemoryBroker.Faults faults,
      long seed) {
    static final Terms USUAL =
        new Terms(PILE, DRIVER, TRACE, Disturbances.none(), MemoryBroker.Faults.NONE, 1);

    Terms with(DriverPolicy other) {
      return new Terms(pile, other, trace, disturbances, faults, seed);
    }

    Terms with(PileSettings other) {
      return new Terms(other, driver, trace, disturbances, faults, seed);
    }

    Terms with(PowerTrace other) {
      return new Terms(pile, driver, other, disturbances, faults, seed);
    }

    Terms with(Disturbances other) {
      return new Terms(pile, driver, trace, other, faults, seed);
    }

    Terms with(MemoryBroker.Faults other, long otherSeed) {
      return new Terms(pile, driver, trace, disturbances, other, otherSeed);
    }
  }

  private static final Duration STUCK = Duration.ofSeconds(30);

  /** The first byte of a frame that may carry messages; pings are {@link #BARE_FRAME} long. */
  private static final byte DATA = 4;

  private static final int BARE_FRAME = 26;

  final Terms terms;
  final SimulatedPile hardware;
  final SimulatedClock clock;
  final MemoryBroker broker;
  final EmbeddedChain chain;
  final EmbeddedWallet pileWallet;
  final EmbeddedWallet driverWallet;
  final ByteVector pileHome;
  final ByteVector driverHome;

  /** What each side did, in order. */
  final List<String> pileLog = new CopyOnWriteArrayList<>();

  final List<String> driverLog = new CopyOnWriteArrayList<>();
  final Map<String, String> retained = new ConcurrentHashMap<>();
  final List<Bus.Delivery> frames = new CopyOnWriteArrayList<>();
  final SharedHardware ports;
  final WatchedChain pileChain;
  final WatchedChain driverChain;
  Supplier<NodeLedger> pileLedger;
  Supplier<NodeLedger> driverLedger;
  Supplier<Store> pileMedium;
  Supplier<Store> driverMedium;
  volatile Consumer<PileTransition> pileObserver = transition -> {};
  volatile Consumer<DriverTransition> driverObserver = transition -> {};

  /** What a node's tasks run on, by its name. */
  Function<String, Lane> lanes = Lane::thread;

  /** What a node draws from, by its name. */
  Function<String, RandomGenerator> chance = name -> new SecureRandom();

  Bus pileBus;
  Bus driverBus;
  Topics driverTopics = TOPICS;
  Optional<Identity> pileIdentity = Optional.empty();
  Optional<Identity> driverIdentity = Optional.empty();
  Scheduler linkTimers;
  WatchedStore pileStore;
  WatchedStore driverStore;
  PileNode pile;
  DriverNode driver;

  @SuppressWarnings("NullAway.Init") // stores and nodes come with start()
  TwoNodes(Terms terms) {
    this.terms = terms;
    this.clock = new SimulatedClock(Instant.parse("2026-01-01T00:00:00Z"));
    this.hardware =
        SimulatedPile.builder(terms.trace(), S0Meter.fitting(1000, terms.trace()))
            .clock(clock)
            .disturbances(terms.disturbances())
            .plugInAt(null)
            .build();
    this.ports = new SharedHardware(hardware, pileLog::add);
    this.linkTimers = (delay, task) -> clock.schedule(delay, task);
    this.broker = new MemoryBroker(linkTimers, terms.faults(), new Random(terms.seed()));
    this.chain = new EmbeddedChain(InstantSource.fixed(Instant.EPOCH), Runnable::run);
    this.pileChain = new WatchedChain(chain, pileLog::add);
    this.driverChain = new WatchedChain(chain, driverLog::add);
    this.pileWallet = new EmbeddedWallet(chain, seed("pile"), SIGNER);
    this.driverWallet = new EmbeddedWallet(chain, seed("driver"), SIGNER);
    this.pileHome = pileWallet.freshScript();
    this.driverHome = driverWallet.freshScript();
    chain.fund(driverWallet.freshScript(), new Satoshi(1_000_000));
    this.pileBus = broker.connect(Optional.empty());
    this.driverBus = broker.connect(Optional.empty());
    this.pileLedger =
        () -> new NodeLedger.Bitcoin(pileChain, pileWallet, channelSettings(), pileHome);
    this.driverLedger =
        () -> new NodeLedger.Bitcoin(driverChain, driverWallet, channelSettings(), driverHome);
    MemoryStore.Disk pileDisk = new MemoryStore.Disk();
    MemoryStore.Disk driverDisk = new MemoryStore.Disk();
    this.pileMedium = () -> new MemoryStore(pileDisk);
    this.driverMedium = () -> new MemoryStore(driverDisk);
  }

  static ByteVector32 seed(String name) {
    return new ByteVector32(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  /** The payments that the pile leaves to whoever awaits them. */
  AwaitedPayments awaited = AwaitedPayments.NONE;

  /** The markets that they trade on by themselves. */
  Optional<Market> pileMarket = Optional.empty();

  Optional<Market> driverMarket = Optional.empty();

  /** The driver's clocks. */
  UnaryOperator<Time> driversTime = UnaryOperator.identity();

  /** Whether the pile's topics name the driver. */
  boolean publishPeer = true;

  TwoNodes start() {
    startPile();
    startDriver();
    return this;
  }

  void startPile() {
    pileStore = new WatchedStore(pileMedium.get(), pileLog::add);
    pile =
        new PileNode(
            new PileNode.Parts(
                ports,
                new WatchedBus(pileBus, delivery -> note(pileLog, delivery)),
                TOPICS,
                pileLedger.get(),
                pileStore,
                around("pile"),
                new NodeKeys(seed("pile"), SIGNER),
                terms.pile(),
                pileIdentity,
                publishPeer),
            transition -> {
              pileLog.add("done");
              pileObserver.accept(transition);
            },
            payment -> awaited.contain(payment),
            pileMarket);
    pile.start();
  }

  void startDriver() {
    driverStore = new WatchedStore(driverMedium.get(), driverLog::add);
    driver =
        new DriverNode(
            new DriverNode.Parts(
                new WatchedBus(driverBus, delivery -> note(driverLog, delivery)),
                driverTopics,
                new NodeKeys(seed("pile"), SIGNER).nodeId(),
                driverLedger.get(),
                driverStore,
                around("driver"),
                new NodeKeys(seed("driver"), SIGNER),
                terms.driver(),
                driverIdentity),
            transition -> {
              driverLog.add("done");
              driverObserver.accept(transition);
            },
            AwaitedPayments.NONE,
            driverMarket);
    driver.start();
  }

  private Surroundings around(String name) {
    Time time = new VirtualTime(clock);
    return new Surroundings(
        lanes.apply(name),
        Runnable::run,
        name.equals("driver") ? driversTime.apply(time) : time,
        linkTimers,
        chance.apply(name));
  }

  private void note(List<String> log, Bus.Delivery delivery) {
    if (delivery.topic().contains("/peer/")) {
      frames.add(delivery);
      if (delivery.payload()[0] == DATA && delivery.payload().length > BARE_FRAME) {
        log.add("send");
      }
    } else {
      retained.put(delivery.topic(), new String(delivery.payload(), StandardCharsets.UTF_8));
    }
  }

  private ChannelSettings channelSettings() {
    return new ChannelSettings(
        chain.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        50,
        2016,
        1,
        3,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }

  /** Stops the pile as systemd does, and starts it again on the same store. */
  void restartPile() {
    pile.close();
    pileStore.close();
    startPile();
  }

  /** The pile's program is gone at once, with all that it had not stored, and starts again. */
  void killPile() {
    hardware.contactor().release();
    kill((MemoryBus) pileBus, pile, pileStore);
    startPile();
    ((MemoryBus) pileBus).reconnect();
  }

  void killDriver() {
    kill((MemoryBus) driverBus, driver, driverStore);
    startDriver();
    ((MemoryBus) driverBus).reconnect();
  }

  private static void kill(MemoryBus bus, AutoCloseable node, WatchedStore store) {
    bus.disconnect();
    store.refuseAfter(0);
    try {
      node.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    store.close();
  }

  void restartDriver() {
    driver.close();
    driverStore.close();
    startDriver();
  }

  /** Waits, in real time, until both have done what they know of. */
  void settle() {
    long since = System.nanoTime();
    while (!pile.isIdle() || !driver.isIdle()) {
      LockSupport.parkNanos(10_000);
      if (System.nanoTime() - since > STUCK.toNanos()) {
        fail("pile or driver are still at work; the pile is in " + pile.state());
      }
    }
  }

  /** Lets virtual time pass until {@code done}; fails when that takes longer than {@code most}. */
  void runUntil(String what, BooleanSupplier done, Duration most) {
    long end = clock.nanos() + most.toNanos();
    settle();
    while (!done.getAsBoolean()) {
      if (clock.nanos() > end || !clock.step()) {
        fail(
            "%s does not come about: %s; channel %s; pile failed: %s; driver failed: %s"
                .formatted(
                    what,
                    pile.state().session().map(PileSession::phase),
                    stage().title(),
                    pile.failure(),
                    driver.failure()));
      }
      settle();
    }
  }

  void run(Duration time) {
    long end = clock.nanos() + time.toNanos();
    clock.schedule(time, () -> {});
    runUntil("the time", () -> clock.nanos() >= end, time.plusSeconds(1));
  }

  /** Opens the channel and plugs the car in. */
  TwoNodes open() {
    for (int i = 0; i < 40 && !(stage() instanceof Stage.Normal); i++) {
      run(Duration.ofSeconds(30));
      chain.mine(1);
      settle();
    }
    assertTrue(stage() instanceof Stage.Normal, () -> "the channel is " + stage().title());
    hardware.plugIn();
    return this;
  }

  void chargeUntil(long milliWattHours) {
    runUntil("charging", () -> delivered() >= milliWattHours, LONG);
  }

  /** The car is full; its driver pulls the plug, and all is settled on the chain. */
  TwoNodes finish() {
    runUntil("the end of the trace", () -> hardware.traceEnded() || isEnding(), LONG);
    run(Duration.ofSeconds(2));
    hardware.unplug();
    runUntil("the end of the session", this::isEnded, LONG);
    mineUntilSettled();
    return this;
  }

  void mineUntilSettled() {
    runUntil("the end of the channel", () -> !(stage() instanceof Stage.Normal), LONG);
    for (int i = 0; i < 80 && !isSettled(); i++) {
      run(Duration.ofSeconds(10));
      chain.mine(1);
      settle();
    }
    assertTrue(isSettled(), () -> "the channel is " + stage().title());
  }

  boolean isSettled() {
    return stage() instanceof Stage.Closed
        && driver.state().channel().leg().penalty().orElseThrow().stage() instanceof Stage.Closed;
  }

  boolean isEnding() {
    return pile.state().session().filter(s -> s.phase() instanceof Phase.Stopped).isPresent();
  }

  boolean isEnded() {
    return pile.state().session().filter(s -> s.phase() instanceof Phase.Ended).isPresent();
  }

  StopReason reason() {
    return ((Phase.Stopped) pile.state().session().orElseThrow().phase()).reason();
  }

  Stage stage() {
    return pile.state()
        .leg(new NodeKeys(seed("driver"), SIGNER).nodeId())
        .penalty()
        .orElseThrow()
        .stage();
  }

  long delivered() {
    return pile.state()
        .session()
        .map(s -> s.delivered(Direction.IMPORT, pile.state().meter().registers()).value())
        .orElse(0L);
  }

  Commitments commitments() {
    return switch (stage()) {
      case Stage.Funded funded -> funded.commitments();
      case Stage.Closed closed -> closed.last().orElseThrow();
      default -> fail("no commitments: " + stage().title());
    };
  }

  SessionTotals.Total paid() {
    PileSession session = pile.state().session().orElseThrow();
    return commitments()
        .local()
        .allocation()
        .session()
        .filter(totals -> totals.session().equals(session.id()))
        .orElseGet(() -> SessionTotals.start(session.id()))
        .imported();
  }

  /** What must hold at the end of every session that was paid for: energy, money and documents. */
  void checkPaidInFull() {
    checkExposure();
    assertEquals(delivered(), paid().energy().value(), "all is paid");
    assertEquals(delivered() * 100, paid().amount().value(), "100 msat a mWh");
    assertEquals(paid().amount().value() / 1000, chain.balance(pileHome).value());
  }

  /** Nobody failed, and no more was ever unpaid than the credit and two pulses. */
  void checkExposure() {
    assertEquals(Optional.empty(), pile.failure());
    assertEquals(Optional.empty(), driver.failure());
    long unpaid = pile.state().session().orElseThrow().maxUnpaid().value();
    assertTrue(unpaid <= CREDIT + 2_000, () -> "unpaid " + unpaid);
  }

  @Override
  public void close() {
    driver.close();
    pile.close();
    pileStore.close();
    driverStore.close();
    pileBus.close();
    driverBus.close();
    chain.close();
    hardware.close();
  }

  record VirtualTime(SimulatedClock clock) implements Time {
    @Override
    public Instant wall() {
      return clock.instant();
    }

    @Override
    public long nanos() {
      return clock.nanos();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return clock.schedule(delay, task)::cancel;
    }
  }
}
