package chargepile.agent.cli.demo;

import chargepile.agent.cli.SimulatedTime;
import chargepile.agent.runtime.DriverNode;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.pile.PileSettings;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The demo's pile, with simulated hardware, and its driver, who may leave and come back. The
 * methods may be called from any thread.
 */
final class DemoNodes implements AutoCloseable {
  private final DemoWorld world;
  private final Cast cast;
  private final Consumer<DriverTransition> driverWatch;
  private volatile DriverNode driver;
  private volatile boolean driverGone;

  /**
   * Who plays, and on what.
   *
   * @param pileLedger the pile's side of the ledger
   * @param driverLedger the driver's side, which is asked for again when the driver returns
   */
  record Cast(
      NodeLedger pileLedger,
      Supplier<NodeLedger> driverLedger,
      PileSettings pile,
      DriverPolicy driver,
      Optional<Market> pileMarket,
      Supplier<Optional<Market>> driverMarket) {
    /** Without a market. */
    Cast(
        NodeLedger pileLedger,
        Supplier<NodeLedger> driverLedger,
        PileSettings pile,
        DriverPolicy driver) {
      this(pileLedger, driverLedger, pile, driver, Optional.empty(), Optional::empty);
    }
  }

  final SimulatedPile hardware;
  final DemoWatch watch;
  final PileNode pile;

  /**
   * @param driverWatch is told of every transition of the driver's, on its mailbox
   */
  DemoNodes(
      DemoOptions options,
      DemoProgress progress,
      DemoWorld world,
      S0Meter meter,
      Cast cast,
      Consumer<DriverTransition> driverWatch) {
    this.world = world;
    this.cast = cast;
    this.driverWatch = driverWatch;
    this.hardware =
        SimulatedPile.builder(options.trace(), meter)
            .clock(new SimulatedClock(Instant.now()))
            .plugInAt(null)
            .build();
    this.watch = new DemoWatch(progress, hardware.clock()::nanos);
    this.pile = pileNode();
    this.driver = driverNode();
  }

  void start() {
    pile.start();
    driver.start();
  }

  /** Stops the driver without a word to the pile. */
  void driverVanishes() {
    world.driver.bus().close();
    driverLeaves();
  }

  void driverLeaves() {
    driverGone = true;
    driver.close();
  }

  /** A driver who vanished is back, with its store and the chain but off the bus. */
  void driverReturns() {
    DriverNode returned = driverNode();
    driver = returned;
    driverGone = false;
    returned.start();
  }

  boolean isDriverGone() {
    return driverGone;
  }

  /** Whether whoever is there has done all that was enqueued. */
  boolean isIdle() {
    return pile.isIdle() && (driverGone || driver.isIdle());
  }

  /** Whether the pile, and a driver who is there, have nothing more to fetch from the chain. */
  boolean isSettled() {
    return leg().isClosed() && (driverGone || driver.state().channel().leg().isClosed());
  }

  /** The channel, as the pile has it. */
  PaymentLeg leg() {
    return pile.state().leg(world.driver.keys().nodeId());
  }

  /** The channel, as the driver has it. */
  PaymentLeg driversLeg() {
    return driver.state().channel().leg();
  }

  Optional<PileSession> session() {
    return pile.state().session();
  }

  /** The number of what both signed last, as the pile has it; 0 without a session. */
  long number() {
    Pile state = pile.state();
    return state.session().map(session -> DemoWatch.number(state, session)).orElse(0L);
  }

  void requireWorking() throws DemoFailedException {
    for (Optional<RuntimeException> failure : List.of(pile.failure(), driver.failure())) {
      if (failure.isPresent()) {
        throw new DemoFailedException(String.valueOf(failure.get().getMessage()), failure.get());
      }
    }
  }

  @Override
  public void close() {
    driver.close();
    pile.close();
    hardware.close();
  }

  private PileNode pileNode() {
    return new PileNode(
        new PileNode.Parts(
            hardware,
            world.pile.bus(),
            world.topics,
            cast.pileLedger(),
            world.pile.store(),
            around("pile"),
            world.pile.keys(),
            cast.pile(),
            Optional.empty(),
            true),
        watch::on,
        AwaitedPayments.NONE,
        cast.pileMarket());
  }

  private DriverNode driverNode() {
    return new DriverNode(
        new DriverNode.Parts(
            world.driver.bus(),
            world.topics,
            world.pile.keys().nodeId(),
            cast.driverLedger().get(),
            world.driver.store(),
            around("driver"),
            world.driver.keys(),
            cast.driver(),
            Optional.empty()),
        driverWatch,
        AwaitedPayments.NONE,
        cast.driverMarket().get());
  }

  private Surroundings around(String name) {
    return new Surroundings(
        Lane.thread(name),
        Runnable::run,
        new SimulatedTime(hardware.clock()),
        world.linkTimers,
        new SecureRandom());
  }
}
