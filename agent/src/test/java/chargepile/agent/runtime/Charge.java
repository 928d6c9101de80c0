package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.hal.Register;
import chargepile.hal.sim.PowerTrace;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A car charges once at a pile, from the first act of the handshake to the last output on the
 * chain, with an {@link Adversary} between the two. Everything happens on the caller's thread, so a
 * run depends on its story, attack, frame and seeds alone.
 */
final class Charge implements AutoCloseable {
  /** What happens besides. */
  enum Story {
    /** The driver stops the session. */
    DRIVER_STOPS(25_000),
    /** The same, with payments by HTLC: the pile takes one, and gives another back. */
    HTLCS(45_000),
    /** The driver's clocks are slow, so that it does not believe what the pile claims. */
    CLAIM_REFUSED(45_000),
    /** The driver stops the session; both are certified, and sign what it came to. */
    CERTIFIED(25_000),
    /**
     * Feerates rise, the driver's program is restarted, and the car is unplugged when it is full.
     */
    TO_THE_END(45_000),
    /** The pile's program is restarted, and its operator closes the channel by force. */
    PILE_FORCES(45_000);

    /** When that happens. */
    private final long milliWattHours;

    Story(long milliWattHours) {
      this.milliWattHours = milliWattHours;
    }
  }

  /** How it came out. */
  enum Ending {
    /** Both closed the channel together, and every pulse is paid. */
    PAID_IN_FULL,
    /** Charging stopped, and one of them closed the channel alone. */
    STOPPED,
    /** The contactor never closed. */
    NEVER_BEGUN
  }

  private static final PowerTrace TRACE =
      new PowerTrace(List.of(new PowerTrace.Step(Duration.ofSeconds(36).toNanos(), 7_000_000)));
  private static final Duration LONG = Duration.ofMinutes(30);

  /** More than the last HTLC's expiry and what is swept after it need to be final. */
  private static final int BLOCKS = 250;

  /** More than a cooperative close needs; what comes later only waits for delays to pass. */
  private static final int COOPERATIVE_BLOCKS = 10;

  private static final long HTLC = 1_000_000;

  private static final ByteVector32 PREIMAGE = TwoNodes.seed("paid for something else");
  private static final ByteVector32 HASH = new ByteVector32(PREIMAGE.sha256().toByteArray());
  private static final ByteVector ONION = new ByteVector(new byte[UpdateAddHtlc.ONION_BYTES]);

  private static final NodeKeys PILE = new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER);
  static final Registry.Party THE_PILE =
      Registry.TRUSTED.pile(
          "pile-in-the-middle", PILE.nodeId(), Optional.of(PILE.meterId()), 11_000);
  static final Registry.Party THE_DRIVER =
      Registry.TRUSTED.driver("driver-in-the-middle", driverKey());

  final TwoNodes nodes;
  final Adversary eve;
  final Ear pile;
  final Ear driver;

  final FrameNames names = new FrameNames();

  /** What the pile's sessions came to. */
  final Takings takings = new Takings(driverKey());

  /** What the pile did with an attacker's commands. */
  final Obedience obedience = new Obedience(this);

  private final Story story;
  private long starts;
  private @Nullable PileCommands commands;

  /**
   * @param keys seeds what pile and driver draw, and with it their ephemeral keys
   */
  Charge(Story story, TwoNodes.Terms terms, Attack attack, int target, long keys) {
    this.story = story;
    this.nodes = new TwoNodes(terms);
    nodes.lanes = name -> new DirectLane();
    nodes.chance = name -> new Random(31 * (31 * keys + name.hashCode()) + starts++);
    MemoryBroker driversBroker =
        new MemoryBroker(nodes.linkTimers, MemoryBroker.Faults.NONE, new Random(2));
    this.eve =
        new Adversary(
            nodes.broker.connect(Optional.empty()),
            driversBroker.connect(Optional.empty()),
            nodes.linkTimers,
            nodes.clock::nanos,
            PILE.nodeId(),
            List.of(attack),
            target,
            attack.ordinal() * 1000L + target);
    eve.onDone = obedience::onDone;
    this.pile = new Ear(nodes.broker.connect(Optional.empty()), "the pile");
    this.driver = new Ear(driversBroker.connect(Optional.empty()), "the driver");
    pile.hears(driver, eve.ownLinks, this::pilesSide);
    driver.hears(pile, Set.of(), () -> nodes.driver.state());
    if (story == Story.CERTIFIED) {
      nodes.pileIdentity = identity(THE_PILE);
      nodes.driverIdentity = identity(THE_DRIVER);
    }
    if (story == Story.CLAIM_REFUSED) {
      nodes.driversTime = SlowTime::new;
    }
    nodes.awaited = payment -> payment.paymentHash().equals(HASH);
    nodes.pileBus = pile;
    nodes.driverBus = driver;
    nodes.pileObserver =
        transition -> {
          pile.transition();
          takings.note(transition.next());
          names.note(
              pile.published(),
              transition.actions().stream()
                  .filter(PileAction.Send.class::isInstance)
                  .map(action -> ((PileAction.Send) action).messages())
                  .toList());
        };
    nodes.driverObserver =
        transition -> {
          driver.transition();
          names.note(
              driver.published(),
              transition.actions().stream()
                  .filter(DriverAction.Send.class::isInstance)
                  .map(action -> ((DriverAction.Send) action).messages())
                  .toList());
        };
  }

  private Optional<Identity> identity(Registry.Party party) {
    return Optional.of(
        new Identity(
            IdentityPolicy.REQUIRED,
            party.shown(),
            Registry.TRUSTED.clerk(party, nodes.chain.genesis().value),
            Runnable::run));
  }

  static TwoNodes.Terms usual() {
    return TwoNodes.Terms.USUAL.with(TRACE);
  }

  static PublicKey driverKey() {
    return new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId();
  }

  /** What there is between pile and driver, from the pile's side. */
  private Object pilesSide() {
    Pile pile = nodes.pile.state();
    Notary notary = pile.notary();
    return List.of(
        pile.leg(driverKey()).penalty().orElseThrow(),
        pile.session().map(s -> List.of(s.id(), s.peer(), s.phase(), s.maxUnpaid(), s.limits())),
        Optional.ofNullable(notary.peers().get(driverKey())),
        Optional.ofNullable(notary.shown().get(driverKey())),
        List.of(notary.engagement(), notary.pending(), notary.answered()),
        List.of(notary.asked(), notary.said(), notary.failed()),
        notary.unwilling().contains(driverKey()),
        nodes.pileStore.settlements(),
        nodes.pile.failure());
  }

  /** What the frame of that number holds. */
  String content(int number) {
    return names.of(eve.frames.get(number), eve.frames);
  }

  /** Runs it all. */
  Charge run() {
    nodes.start();
    commands =
        new PileCommands(
            pile,
            TwoNodes.TOPICS,
            new TwoNodes.VirtualTime(nodes.clock),
            command -> nodes.pile.command(command));
    for (int i = 0; i < 12 && !isUsable(); i++) {
      pass(Duration.ofSeconds(10), this::isUsable);
      nodes.chain.mine(1);
    }
    if (isUsable()) {
      nodes.hardware.plugIn();
      charge();
      nodes.hardware.unplug();
      pass(LONG, () -> nodes.pile.state().session().isEmpty() || nodes.isEnded());
    }
    settle();
    return this;
  }

  private void charge() {
    pass(LONG, () -> nodes.delivered() >= 5_000 || isOver());
    if (story == Story.TO_THE_END) {
      nodes.chain.feerate(new Feerate(4_000));
      nodes.chain.mine(1);
    }
    if (story == Story.HTLCS) {
      offer(HASH);
      offer(ByteVector32.One);
      takeAwaited();
    }
    pass(LONG, () -> nodes.delivered() >= story.milliWattHours || isOver());
    switch (story) {
      case TO_THE_END -> {
        nodes.restartDriver();
        pass(LONG, () -> nodes.hardware.traceEnded() || isOver());
        pass(Duration.ofSeconds(2), () -> false);
      }
      case PILE_FORCES -> {
        nodes.restartPile();
        pass(Duration.ofSeconds(20), () -> nodes.delivered() >= 50_000 || isOver());
        var unused =
            nodes.pile.command(new OperatorCommand.ForceCloseChannel(driverKey(), "no more"));
        pass(Duration.ofSeconds(10), () -> false);
      }
      case DRIVER_STOPS, CERTIFIED, HTLCS, CLAIM_REFUSED -> {
        nodes.driver.command(new DriverCommand.Stop());
        pass(Duration.ofSeconds(10), () -> false);
      }
    }
  }

  private void offer(ByteVector32 hash) {
    nodes.driver.command(
        new DriverCommand.Htlc(
            new ChannelEvent.AddHtlc(
                new Amount(HTLC), hash, nodes.chain.tip().value() + 100, ONION)));
  }

  /** Again and again: the link may be cut before the driver has heard of it. */
  private void takeAwaited() {
    nodes.clock.schedule(Duration.ofSeconds(2), this::takeAwaited);
    nodes.pile.state().leg(driverKey()).penalty().orElseThrow().commitments().stream()
        .flatMap(now -> now.receivedHtlcs().stream())
        .filter(htlc -> htlc.paymentHash().equals(HASH))
        .findFirst()
        .ifPresent(
            htlc -> {
              var unused =
                  nodes.pile.command(
                      new OperatorCommand.Htlc(
                          driverKey(), new ChannelEvent.FulfillHtlc(htlc.id(), PREIMAGE)));
            });
  }

  private boolean isUsable() {
    return nodes.stage() instanceof Stage.Normal && drivers().stage() instanceof Stage.Normal;
  }

  private boolean isOver() {
    return nodes
        .pile
        .state()
        .session()
        .filter(s -> s.phase() instanceof Phase.Stopped || s.phase() instanceof Phase.Ended)
        .isPresent();
  }

  /** The channel as the driver has it. */
  Channel drivers() {
    return nodes.driver.state().channel().leg().penalty().orElseThrow();
  }

  /** Who had no session asks for its money back: nobody can do that in its place. */
  private void settle() {
    if (hasBegun()) {
      pass(LONG, () -> !(nodes.stage() instanceof Stage.Normal));
    } else if (drivers().stage() instanceof Stage.Funded) {
      nodes.driver.command(new DriverCommand.ForceCloseChannel("no session"));
    }
    for (int mined = 0; mined < BLOCKS && !isSettled(); ) {
      int blocks = mined < COOPERATIVE_BLOCKS ? 1 : 5;
      pass(Duration.ofSeconds(3), () -> false);
      nodes.chain.mine(blocks);
      mined += blocks;
    }
  }

  /** Lets virtual time pass until {@code done}, for so long at most. */
  private void pass(Duration most, BooleanSupplier done) {
    long end = nodes.clock.nanos() + most.toNanos();
    nodes.clock.schedule(most, () -> {});
    while (!done.getAsBoolean() && nodes.clock.nanos() < end && nodes.clock.step()) {
      // each turn runs what is due next, and all that follows from it
    }
  }

  /** What must hold however it came out; what does not, in words. */
  List<String> faults() {
    return new Verdict(this).faults();
  }

  Optional<Outcome> outcome() {
    return nodes.stage() instanceof Stage.Closed closed
        ? Optional.of(closed.outcome())
        : Optional.empty();
  }

  /** Whether all money that was ever in a channel is out of it, as far as each side knows. */
  boolean isSettled() {
    return hasBegun()
        ? nodes.isSettled()
        : !(drivers().stage() instanceof Stage.Funded)
            && !(drivers().stage() instanceof Stage.Closed closed
                && closed.outcome() != Outcome.ABANDONED
                && nodes.stage() instanceof Stage.Funded);
  }

  /** Whether the contactor ever closed. */
  boolean hasBegun() {
    return nodes.pileLog.contains("engage");
  }

  /** What the pile may have got for HTLCs, in millisatoshi. */
  Set<Long> paidForHtlcs() {
    return story == Story.HTLCS ? Set.of(0L, HTLC) : Set.of(0L);
  }

  /** What both signed for energy, and the HTLC that the pile may take. */
  long mostForPile() {
    return takings.paidAmount() + (story == Story.HTLCS ? HTLC : 0);
  }

  Ending ending() {
    if (!hasBegun()) {
      return Ending.NEVER_BEGUN;
    }
    return outcome().filter(Outcome.COOPERATIVE_CLOSE::equals).isPresent()
            && takings.paidEnergy() == metered()
        ? Ending.PAID_IN_FULL
        : Ending.STOPPED;
  }

  /** What the meter counted, whatever pile and driver say, in milliwatt-hours. */
  long metered() {
    return nodes.hardware.meterPulses(Register.IMPORT) * 1_000;
  }

  @Override
  public void close() {
    if (commands != null) {
      commands.close();
    }
    nodes.close();
    eve.atPile.close();
    eve.atDriver.close();
  }
}
