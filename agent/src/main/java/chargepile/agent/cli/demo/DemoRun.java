package chargepile.agent.cli.demo;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.SessionTotals;
import chargepile.agent.channel.Stage;
import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.runtime.DriverNode;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.hal.sim.Player;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.tinylog.Logger;

/** One demo, from the opening of the channel to the last settled output. */
public final class DemoRun {
  /** Real time that any single part of the demo may take when virtual time runs freely. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(2);

  /** The driver that vanishes does so when this part of the trace's energy has flowed. */
  private static final double VANISHES_AT = 0.4;

  private final DemoOptions options;
  private final DemoProgress progress;
  private final DemoWorld world;
  private final DemoTerms terms;
  private final SimulatedPile hardware;
  private final DemoWatch watch;
  private final PileNode pile;
  private final AtomicReference<DriverNode> driver;
  private final AtomicReference<Optional<Transaction>> oldCommitment =
      new AtomicReference<>(Optional.empty());
  private volatile boolean driverGone;

  private DemoRun(DemoOptions options, DemoProgress progress, DemoWorld world) {
    this.options = options;
    this.progress = progress;
    this.world = world;
    S0Meter meter = S0Meter.fitting(options.impulsesPerKwh(), options.trace());
    this.terms = new DemoTerms(options, meter);
    this.hardware =
        SimulatedPile.builder(options.trace(), meter)
            .clock(new SimulatedClock(Instant.now()))
            .plugInAt(null)
            .build();
    this.watch = new DemoWatch(progress, hardware.clock()::nanos);
    this.pile = pileNode();
    this.driver = new AtomicReference<>(driverNode());
  }

  /** Runs a demo; see {@link DemoRunner#run}. */
  public static DemoResult run(DemoOptions options, DemoProgress progress)
      throws DemoFailedException, IOException, InterruptedException {
    try (DemoWorld world = new DemoWorld(options, progress)) {
      return new DemoRun(options, progress, world).play();
    }
  }

  private DemoResult play() throws DemoFailedException, InterruptedException {
    try {
      Player player = Player.start(hardware.clock(), options.speed(), gate());
      try {
        openChannel();
        charge();
      } finally {
        player.close();
      }
      settle();
      return result();
    } finally {
      driver.get().close();
      pile.close();
      hardware.close();
    }
  }

  private void openChannel() throws DemoFailedException, InterruptedException {
    progress.stage("opening the channel");
    pile.start();
    driver.get().start();
    PublicKey driverId = world.driver.keys().nodeId();
    if (options.direction() == Direction.EXPORT) {
      await("the driver to connect", () -> pile.state().connected().contains(driverId));
      var answer =
          pile.command(
              new OperatorCommand.OpenChannel(
                  driverId,
                  new ChannelId(new ByteVector32(world.pile.keys().nodeId().value.take(32))),
                  options.capacity(),
                  Amount.ZERO,
                  DemoTerms.FEERATE));
      Logger.info("open channel: {}", answer);
    }
    await("the funding transaction", () -> stage() instanceof Stage.AwaitingReady);
    progress.stage("funding transaction published; mining it");
    while (!(stage() instanceof Stage.Normal)) {
      world.chain.mine(1);
      awaitQuiet();
      requireTip("the funding transaction", DemoTerms.FINAL_DEPTH);
    }
  }

  private void charge() throws DemoFailedException, InterruptedException {
    progress.stage("charging");
    hardware.plugIn();
    awaitSession("the session to begin", session -> !(session.phase() instanceof Phase.Offered));
    if (options.conduct() == DriverConduct.VANISH) {
      awaitSession("the pile to close alone", session -> !(stage() instanceof Stage.Normal));
      return;
    }
    awaitSession("the session to end", session -> session.phase() instanceof Phase.Ended);
    if (options.conduct() == DriverConduct.CHEAT) {
      cheat();
    } else {
      await("the channel to close", () -> !(stage() instanceof Stage.Normal));
    }
  }

  private void cheat() throws DemoFailedException, InterruptedException {
    awaitQuiet();
    Transaction revoked =
        oldCommitment.get().orElseThrow(() -> new DemoFailedException("nothing was signed"));
    if (number() == 0) {
      throw new DemoFailedException(
          "no update was signed, so there is no revoked commitment to publish: use a longer trace");
    }
    progress.stage("the driver publishes the revoked commitment 0: " + revoked.txid);
    driverGone = true;
    driver.get().close();
    world.chain.broadcast(revoked);
    awaitQuiet();
    progress.stage("the pile saw it in the mempool and took everything");
  }

  /** Mines until the pile, and a driver that still has money to fetch, have nothing left to do. */
  private void settle() throws DemoFailedException, InterruptedException {
    progress.stage("mining until all is settled");
    awaitQuiet();
    if (options.conduct() == DriverConduct.VANISH) {
      // Back on the chain only: it takes what the pile's commitment pays it.
      DriverNode returned = driverNode();
      driver.set(returned);
      driverGone = false;
      returned.start();
      awaitQuiet();
    }
    int mined = 0;
    while (!isSettled()) {
      world.chain.mine(1);
      awaitQuiet();
      if (++mined > DemoTerms.TO_SELF_DELAY + 4 * DemoTerms.FINAL_DEPTH) {
        throw new DemoFailedException(
            "after %d blocks the channel is still %s".formatted(mined, stage().title()));
      }
    }
  }

  private boolean isSettled() {
    return stage() instanceof Stage.Closed
        && (driverGone || driver.get().state().channel().channel().stage() instanceof Stage.Closed);
  }

  private DemoResult result() throws DemoFailedException {
    Pile state = pile.state();
    PileSession session = state.session().orElseThrow();
    if (!(stage() instanceof Stage.Closed(Outcome outcome, var how, Optional<Commitments> last))
        || last.isEmpty()) {
      throw new DemoFailedException("the channel is not settled but " + stage().title());
    }
    SessionTotals paid = DemoWatch.paid(state, session);
    DemoSettlement settlement =
        DemoSettlement.follow(
            world.chain,
            last.get().funding(),
            options.capacity(),
            world.pile.closingScript(),
            world.driver.closingScript());
    return new DemoResult(
        watch.charged(session),
        session.delivered(Direction.IMPORT, state.meter().registers()),
        session.delivered(Direction.EXPORT, state.meter().registers()),
        paid.imported().energy().plus(paid.exported().energy()),
        session.updates(),
        new Amount(Math.abs(paid.imported().amount().value() - paid.exported().amount().value())),
        session.maxUnpaid(),
        last.get().local().number(),
        switch (outcome) {
          case COOPERATIVE_CLOSE -> DemoOutcome.COOPERATIVE_CLOSE;
          case UNILATERAL_CLOSE -> DemoOutcome.UNILATERAL_CLOSE;
          case BREACH_REMEDIED -> DemoOutcome.BREACH_REMEDIED;
          case ABANDONED, BREACH_LOST, UNKNOWN_CLOSE ->
              throw new DemoFailedException("the channel ended by %s: %s".formatted(outcome, how));
        },
        last.get().funding().txid,
        settlement.transactions(),
        settlement.pile(),
        settlement.driver(),
        settlement.fees(),
        options.capacity(),
        watch.updateTime(),
        world.transport,
        world.signer.name(),
        world.pile.store().size().bytes());
  }

  private PileNode pileNode() {
    return new PileNode(
        new PileNode.Parts(
            hardware,
            world.pile.bus(),
            world.topics,
            world.chain,
            world.pile.wallet(),
            world.pile.store(),
            new SimulatedTime(hardware.clock()),
            world.linkTimers,
            world.pile.keys(),
            terms.pile(),
            terms.channel(world.chain.genesis().value),
            world.pile.closingScript()),
        watch::on);
  }

  private DriverNode driverNode() {
    return new DriverNode(
        new DriverNode.Parts(
            world.driver.bus(),
            world.topics,
            world.pile.keys().nodeId(),
            world.chain,
            world.driver.wallet(),
            world.driver.store(),
            new SimulatedTime(hardware.clock()),
            world.linkTimers,
            world.driver.keys(),
            terms.driver(),
            terms.channel(world.chain.genesis().value),
            world.driver.closingScript()),
        this::keepFirstCommitment);
  }

  /** All a cheater needs: its own first commitment, signed while it was still the latest. */
  private void keepFirstCommitment(DriverTransition transition) {
    PeerChannel channel = transition.next().channel();
    if (oldCommitment.get().isPresent()
        || !(channel.channel().stage() instanceof Stage.Normal normal)
        || normal.commitments().local().number() != 0) {
      return;
    }
    ChannelMachine machine =
        new ChannelMachine(
            new ChannelContext(
                world.signer,
                ChannelKeys.derive(world.driver.keys().seed(), channel.keyIndex()),
                channel.keyIndex(),
                terms.channel(world.chain.genesis().value),
                false,
                world.driver.closingScript()));
    oldCommitment.set(
        machine
            .on(channel.channel(), new ChannelEvent.CloseUnilaterally("kept for later"))
            .actions()
            .stream()
            .filter(ChannelAction.Broadcast.class::isInstance)
            .map(action -> ((ChannelAction.Broadcast) action).transaction())
            .findFirst());
  }

  private Player.Gate gate() {
    return options.speed() > 0
        ? this::script
        : new DemoGate(this::isIdle, pile::state, () -> !driverGone, this::script);
  }

  /** Pulls the plug at the end of the trace; makes the driver vanish in the middle of it. */
  private void script() {
    if (hardware.traceEnded() && hardware.plug().plugged()) {
      progress.stage("unplugged; settling the rest");
      hardware.unplug();
    }
    if (options.conduct() == DriverConduct.VANISH && !driverGone) {
      double part =
          pile.state()
              .session()
              .filter(session -> session.updates() > 0)
              .map(
                  session ->
                      session
                          .delivered(options.direction(), pile.state().meter().registers())
                          .value())
              .map(delivered -> (double) delivered / (double) traceEnergy())
              .orElse(0.0);
      if (part >= VANISHES_AT) {
        driverGone = true;
        progress.stage("the driver vanishes");
        driver.get().close();
      }
    }
  }

  private long traceEnergy() {
    return options.direction() == Direction.IMPORT
        ? options.trace().importMilliWattHours()
        : options.trace().exportMilliWattHours();
  }

  private boolean isIdle() {
    return pile.isIdle() && (driverGone || driver.get().isIdle());
  }

  private Stage stage() {
    return pile.state().channel(world.driver.keys().nodeId()).stage();
  }

  private long number() {
    return pile.state()
        .session()
        .map(session -> DemoWatch.number(pile.state(), session))
        .orElse(0L);
  }

  private void awaitSession(String what, Predicate<PileSession> holds)
      throws DemoFailedException, InterruptedException {
    awaitHowever(what, () -> pile.state().session().filter(holds).isPresent(), Duration.ofDays(1));
  }

  private void await(String what, BooleanSupplier holds)
      throws DemoFailedException, InterruptedException {
    awaitHowever(what, holds, PATIENCE);
  }

  private void awaitHowever(String what, BooleanSupplier holds, Duration patience)
      throws DemoFailedException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      requireWorking();
      if (System.nanoTime() > deadline) {
        throw new DemoFailedException(
            "waited %d s for %s; the channel is %s"
                .formatted(patience.toSeconds(), what, stage().title()));
      }
      Thread.sleep(LOOK);
    }
    requireWorking();
  }

  private void awaitQuiet() throws DemoFailedException, InterruptedException {
    await("both nodes to be done", this::isIdle);
  }

  private void requireTip(String what, int blocks) throws DemoFailedException {
    Commitments now =
        pile.state()
            .channel(world.driver.keys().nodeId())
            .commitments()
            .orElseThrow(() -> new DemoFailedException("there is no channel for " + what));
    int depth = world.chain.view(Set.of(), Set.of(now.funding().txid)).depth(now.funding().txid);
    if (depth > blocks + 20) {
      throw new DemoFailedException("%s has %d confirmations and no effect".formatted(what, depth));
    }
  }

  private void requireWorking() throws DemoFailedException {
    for (Optional<RuntimeException> failure : List.of(pile.failure(), driver.get().failure())) {
      if (failure.isPresent()) {
        throw new DemoFailedException(String.valueOf(failure.get().getMessage()), failure.get());
      }
    }
  }
}
