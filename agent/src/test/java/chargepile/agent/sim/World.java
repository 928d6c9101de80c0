package chargepile.agent.sim;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import chargepile.hal.Register;
import chargepile.hal.sim.Disturbances;
import chargepile.hal.sim.PowerTrace;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Chain, broker, meter and virtual time, with a pile and a driver between them. */
final class World implements AutoCloseable {
  static final int IMP_PER_KWH = 1000;
  static final Duration BLOCKS = Duration.ofSeconds(40);

  /** What is there besides the two: paid in before anything begins. */
  static final Satoshi PURSE = new Satoshi(1_000_000);

  /** What a party has besides, to pay fees with. */
  private static final Satoshi COIN = new Satoshi(50_000);

  private static final int COINS = 4;

  private static final PowerTrace POWER =
      new PowerTrace(List.of(new PowerTrace.Step(Duration.ofSeconds(40).toNanos(), 7_000_000)));

  private static final long MOST_STEPS = 200_000;
  private static final int REMEMBERED = 60;
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final ByteVector REASON = new ByteVector("0bad");
  private static final Duration NETWORK_DELAY = Duration.ofSeconds(3);

  final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-01-01T00:00:00Z"));
  final Trace trace = new Trace();
  final PaymentBook payments = new PaymentBook();
  final Invariants invariants = new Invariants(payments);
  final EmbeddedChain chain = new EmbeddedChain(InstantSource.fixed(Instant.EPOCH), Runnable::run);
  final Disturbances disturbances;
  final SimulatedPile meter;
  final HardwareSocket socket;
  final MemoryBroker broker;
  final Random random;

  /** What both require of each other; nobody asks in most runs. */
  final Optional<IdentityPolicy> identities;

  final PileParty pile;
  final DriverParty driver;
  private final List<PeerMessage> said = new ArrayList<>();
  private final List<Bus.Delivery> frames = new ArrayList<>();
  private final Map<Figure, Long> counts = new EnumMap<>(Figure.class);
  long highestFeerate = EmbeddedChain.DEFAULT_FEERATE.satoshiPerKw();
  private boolean blocksCome = true;

  World(long seed, Deviation deviation) {
    this.random = new Random(~seed);
    this.identities =
        switch (Math.floorMod(seed, 6)) {
          case 0 -> Optional.of(IdentityPolicy.REQUIRED);
          case 3 -> Optional.of(IdentityPolicy.PREFERRED);
          default -> Optional.empty();
        };
    this.disturbances = disturbances(seed);
    this.meter =
        SimulatedPile.builder(POWER, S0Meter.fitting(IMP_PER_KWH, POWER))
            .clock(clock)
            .disturbances(disturbances)
            .plugInAt(null)
            .build();
    this.socket = new HardwareSocket(meter);
    this.broker =
        new MemoryBroker(
            (delay, task) -> clock.schedule(delay, task), MemoryBroker.Faults.NONE, random);
    this.pile = new PileParty(this, deviation);
    this.driver = new DriverParty(this, deviation);
    chain.fund(driver.fundingScript(), PURSE);
    for (int i = 0; i < COINS; i++) {
      chain.fund(pile.fundingScript(), COIN);
      chain.fund(driver.fundingScript(), COIN);
    }
    chain.mine(6); // deeper than any reorganisation
    clock.schedule(BLOCKS, this::mineInTime);
  }

  private Disturbances disturbances(long seed) {
    Disturbances.Builder script = Disturbances.builder().seed(seed);
    if (random.nextInt(3) == 0) {
      script.bounces(1 + random.nextInt(3));
    }
    if (random.nextInt(3) == 0) {
      script.noiseEvery(5 + random.nextInt(20));
    }
    if (random.nextInt(8) == 0) {
      script.loseEdges(Register.IMPORT, 1 + random.nextInt(150), 1 + random.nextInt(5));
    }
    if (random.nextInt(8) == 0) {
      script.missPulses(Register.IMPORT, 1 + random.nextInt(70), 1 + random.nextInt(3));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      Duration at = Duration.ofMillis(random.nextInt(200_000));
      script.spike(at, Register.IMPORT, Duration.ofNanos(1 + random.nextInt(10_000_000)));
    }
    switch (random.nextInt(32)) {
      case 0 -> script.welded();
      case 1 -> script.stuckOpen();
      case 2 -> script.loseLinesAt(Duration.ofMillis(random.nextInt(120_000)));
      default -> {}
    }
    return script.build();
  }

  private void mineInTime() {
    if (blocksCome) {
      chain.mine(1);
      trace.note(clock.nanos(), new byte[0]);
    }
    clock.schedule(BLOCKS, this::mineInTime);
  }

  void frame(Bus.Delivery delivery) {
    if (delivery.topic().contains("/peer/")) {
      frames.add(delivery);
      trace.note(clock.nanos(), delivery.payload());
    }
  }

  /** A party has said this to the other. */
  void said(List<PeerMessage> messages) {
    said.addAll(messages);
    while (said.size() > REMEMBERED) {
      said.removeFirst();
    }
  }

  /** What the parties said to each other last. */
  List<PeerMessage> said() {
    return said;
  }

  void count(Figure figure, long more) {
    counts.merge(figure, more, Long::sum);
  }

  /** What came up so far. */
  Figures figures() {
    MemoryBroker.Tally faults = broker.tally();
    Figures figures =
        new Figures(counts)
            .with(Figure.SEEDS, 1)
            .with(Figure.EVENTS, trace.events())
            .with(Figure.MESSAGES, frames.size())
            .with(Figure.DROPPED, faults.lost() + pile.dropped() + driver.dropped())
            .with(Figure.DUPLICATED, faults.duplicated())
            .with(Figure.DELAYED, faults.delayed())
            .with(Figure.CORRUPTED, faults.corrupted())
            .with(Figure.MWH_DELIVERED, meter.milliWattHours(Register.IMPORT));
    for (Payment payment : payments.all()) {
      figures = figures.plus(payment.figures());
    }
    return figures;
  }

  void after(Duration wait, Runnable what) {
    clock.schedule(wait, what);
  }

  /** Lets a trouble begin. */
  void begin(Trouble trouble) {
    trace.add(clock.nanos(), trouble.toString());
    switch (trouble) {
      case Trouble.Kill(Who who, int boundaries, Duration pause) ->
          party(who).killAfter(boundaries, pause);
      case Trouble.Restart(Who who) -> party(who).restart();
      case Trouble.Hang(Who who, Duration time) -> party(who).hang(time);
      case Trouble.Cut(Who who, Duration time) -> party(who).cut(time);
      case Trouble.BadNetwork(int perCent, Duration time) -> {
        double each = perCent / 100.0;
        broker.faults(new MemoryBroker.Faults(each, each, each, each, NETWORK_DELAY));
        after(time, () -> broker.faults(MemoryBroker.Faults.NONE));
      }
      case Trouble.Replay(int number) -> {
        if (!frames.isEmpty()) {
          Bus.Delivery old = frames.get(number % frames.size());
          try (Bus eavesdropper = broker.connect(Optional.empty())) {
            eavesdropper.publish(old.topic(), old.payload(), false);
          }
        }
      }
      case Trouble.ChainOutage(Who who, Duration time) -> party(who).loseChain(time);
      case Trouble.FeeSpike(int satoshiPerKw, Duration time) -> {
        highestFeerate = Math.max(highestFeerate, satoshiPerKw);
        chain.feerate(new Feerate(satoshiPerKw));
        after(time, () -> chain.feerate(EmbeddedChain.DEFAULT_FEERATE));
      }
      case Trouble.Blocks(int count) -> chain.mine(count);
      case Trouble.Reorganisation(int depth) -> {
        chain.reorganise(depth);
        count(Figure.REORGANISATIONS, 1);
      }
      case Trouble.Eviction() ->
          chain.mempool().forEach(transaction -> chain.evict(transaction.txid));
      case Trouble.WallClockJump(Who who, Duration by) -> party(who).jump(by);
      case Trouble.FullDisk(Who who, Duration time) -> party(who).fillDisk(time);
      case Trouble.ReadOnlyDisk(Who who, Duration time) -> party(who).protectDisk(time);
      case Trouble.OneWay(Who who, boolean deaf, Duration time) -> party(who).breakLine(deaf, time);
      case Trouble.Blackout(Duration pause) -> {
        pile.blackOut(pause);
        driver.blackOut(pause);
      }
      case Trouble.Vanish(Who who) -> party(who).vanish();
      case Trouble.Hostile(Duration time) -> new Hostile(this).begin(time);
      case Trouble.FullMempool(int satoshiPerKw, Duration time) -> {
        highestFeerate = Math.max(highestFeerate, satoshiPerKw);
        chain.mempoolMinimum(new Feerate(satoshiPerKw));
        after(time, () -> chain.mempoolMinimum(new Feerate(0)));
      }
      case Trouble.OldImage(Who who) -> party(who).restoreOldImage();
      case Trouble.Cheat(Who who, int back) -> cheat(party(who), back);
      case Trouble.Stop(Who who) -> party(who).stopSession();
      case Trouble.Unplug() -> meter.unplug();
      case Trouble.Offer offer -> offer(offer);
    }
  }

  private void cheat(Party cheater, int back) {
    cheater
        .old(back)
        .filter(
            old ->
                !cheater.cheated
                    && old.leg().penalty().orElseThrow().stage() instanceof Stage.Normal)
        .ifPresent(
            old -> {
              cheater.cheated = true;
              count(Figure.BREACHES, 1);
              trace.add(clock.nanos(), cheater.who + " publishes an old commitment");
              new Rogue(this, cheater, old).begin();
            });
  }

  private void offer(Trouble.Offer offer) {
    Payment payment =
        payments.next(
            offer.from(),
            new Satoshi(offer.satoshi()),
            chain.tip().value() + offer.blocks(),
            offer.fate());
    party(offer.from()).htlc(payment.offer());
    if (payment.fate != Payment.Fate.LEFT) {
      after(offer.answer(), () -> answer(payment));
    }
  }

  /** Answers a payment as soon as that can be, and again if a program forgot it. */
  private void answer(Payment payment) {
    Party party = party(payment.from.other());
    Stage stage = party.known();
    if (stage instanceof Stage.Funded funded && chain.tip().value() < payment.expiry) {
      after(AGAIN, () -> answer(payment));
      boolean inTime = chain.tip().value() < payment.expiry - Payment.IN_TIME;
      if (payment.fate == Payment.Fate.FULFILLED && inTime) {
        id(funded.commitments(), payment)
            .ifPresent(id -> party.htlc(new ChannelEvent.FulfillHtlc(id, payment.preimage)));
      } else if (payment.fulfilledAt.isEmpty()) {
        id(funded.commitments(), payment)
            .ifPresent(id -> party.htlc(new ChannelEvent.FailHtlc(id, REASON)));
      }
    } else if (stage instanceof Stage.Absent) {
      after(AGAIN, () -> answer(payment)); // its program is not up
    }
  }

  private static Optional<Long> id(Commitments now, Payment payment) {
    return now.receivedHtlcs().stream()
        .filter(htlc -> htlc.paymentHash().equals(payment.hash))
        .filter(htlc -> !now.payments().fulfilled().contains(htlc.id()))
        .map(UpdateAddHtlc::id)
        .findFirst();
  }

  Party party(Who who) {
    return switch (who) {
      case PILE -> pile;
      case DRIVER -> driver;
    };
  }

  /** Ends all that goes wrong. */
  void heal() {
    trace.add(clock.nanos(), "all is well again");
    broker.faults(MemoryBroker.Faults.NONE);
    chain.feerate(EmbeddedChain.DEFAULT_FEERATE);
    chain.mempoolMinimum(new Feerate(0));
    pile.heal();
    driver.heal();
  }

  /** Lets virtual time pass until {@code done}. */
  boolean runUntil(BooleanSupplier done, Duration most) {
    long end = clock.nanos() + most.toNanos();
    long steps = 0;
    while (!done.getAsBoolean()) {
      if (clock.nanos() > end || !clock.step()) {
        return false;
      }
      count(Figure.STEPS, 1);
      if (++steps > MOST_STEPS) {
        throw new Violation("no end after %d steps".formatted(steps));
      }
      pile.look();
      driver.look();
      checkEnergy();
    }
    return true;
  }

  /** The program never has more energy than came out of the meter. */
  private void checkEnergy() {
    long metered = meter.milliWattHours(Register.IMPORT);
    if (pile.register() > metered) {
      throw new Violation(
          "the register has %d mWh, the meter %d".formatted(pile.register(), metered));
    }
  }

  void run(Duration time) {
    long end = clock.nanos() + time.toNanos();
    clock.schedule(time, () -> {});
    runUntil(() -> clock.nanos() >= end, time.plusSeconds(1));
  }

  void published(Who who, Transaction transaction) {
    trace.add(clock.nanos(), who + " publishes " + transaction.txid);
  }

  @Override
  public void close() {
    pile.stop();
    driver.stop();
    chain.close();
    meter.close();
  }
}
