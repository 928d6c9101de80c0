package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.session.PeerCodec;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.hal.sim.PowerTrace;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final int BARE_FRAME = 26;

  /** More than a cooperative close needs to be final. */
  private static final int BLOCKS = 15;

  private static final ByteVector32 PREIMAGE = TwoNodes.seed("paid for something else");
  private static final ByteVector32 HASH = new ByteVector32(PREIMAGE.sha256().toByteArray());
  private static final ByteVector ONION = new ByteVector(new byte[UpdateAddHtlc.ONION_BYTES]);

  private static final NodeKeys PILE = new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER);
  private static final Registry.Party THE_PILE =
      Registry.TRUSTED.pile("pile-m", PILE.nodeId(), Optional.of(PILE.meterId()), 11_000);
  static final Registry.Party THE_DRIVER = Registry.TRUSTED.driver("driver-m", driverKey());

  final TwoNodes nodes;
  final Adversary eve;
  final Ear pile;
  final Ear driver;

  /** What each frame of the two holds, by its bytes. */
  final Map<ByteVector, String> contents = new HashMap<>();

  /** All that the two said to each other, before it was encrypted. */
  final List<byte[]> plain = new ArrayList<>();

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
          name(
              pile.published(),
              transition.actions().stream()
                  .filter(PileAction.Send.class::isInstance)
                  .map(action -> ((PileAction.Send) action).messages())
                  .toList());
        };
    nodes.driverObserver =
        transition -> {
          driver.transition();
          name(
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
    return List.of(
        nodes.pile.state().leg(driverKey()).penalty().orElseThrow(),
        nodes.pile.state().session().map(s -> List.of(s.id(), s.peer(), s.phase(), s.maxUnpaid())),
        nodes.pile.failure());
  }

  private void name(List<ByteVector> published, List<List<PeerMessage>> said) {
    List<ByteVector> frames =
        published.stream()
            .filter(f -> f.get(0) == Adversary.DATA && f.size() > BARE_FRAME)
            .toList();
    said.forEach(messages -> messages.forEach(message -> plain.add(PeerCodec.encode(message))));
    if (frames.size() == said.size()) {
      for (int i = 0; i < frames.size(); i++) {
        contents.put(
            frames.get(i), String.join(" ", said.get(i).stream().map(Charge::name).toList()));
      }
    }
  }

  private static String name(PeerMessage message) {
    return switch (message) {
      case PeerMessage.OfLeg(LegMessage.OfChannel(var of)) -> of.getClass().getSimpleName();
      case PeerMessage.OfLeg(LegMessage.OfVoucher(var of)) -> of.getClass().getSimpleName();
      case PeerMessage.OfSession(var of) -> of.getClass().getSimpleName();
      case PeerMessage.OfIdentity(var of) -> of.getClass().getSimpleName();
    };
  }

  /** What the frame of that number holds. */
  String content(int number) {
    Adversary.Frame frame = eve.frames.get(number);
    return switch (frame.type()) {
      case 1 -> "act one";
      case 2 -> "act two";
      case 3 -> "act three";
      case Adversary.DATA ->
          contents.getOrDefault(
              new ByteVector(frame.bytes()),
              frame.bytes().length == BARE_FRAME ? "sign of life" : "goodbye");
      default -> "unknown session";
    };
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
                new Amount(1_000_000), hash, nodes.chain.tip().value() + 100, ONION)));
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

  /** Clocks that run at a quarter of the speed; timers do not. */
  private record SlowTime(Time time) implements Time {
    private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    @Override
    public Instant wall() {
      Instant begin = Instant.ofEpochSecond(BEGIN);
      return begin.plus(Duration.between(begin, time.wall()).dividedBy(4));
    }

    @Override
    public long nanos() {
      return time.nanos() / 4;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return time.schedule(delay, task);
    }
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

  private void settle() {
    if (nodes.pile.state().session().isPresent()) {
      pass(LONG, () -> !(nodes.stage() instanceof Stage.Normal));
      for (int i = 0; i < BLOCKS && !nodes.isSettled(); i++) {
        pass(Duration.ofSeconds(3), () -> false);
        nodes.chain.mine(1);
      }
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

  boolean isSettled() {
    return nodes.isSettled();
  }

  Ending ending() {
    if (nodes.delivered() == 0) {
      return Ending.NEVER_BEGUN;
    }
    return outcome().filter(Outcome.COOPERATIVE_CLOSE::equals).isPresent()
            && nodes.paid().energy().value() == nodes.delivered()
        ? Ending.PAID_IN_FULL
        : Ending.STOPPED;
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
