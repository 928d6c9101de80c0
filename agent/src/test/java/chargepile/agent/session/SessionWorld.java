package chargepile.agent.session;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A pile and a driver with real channels in one thread under virtual time: a link with delay that
 * can be cut, an S0 meter behind a contactor that takes its time, and an embedded chain. Messages
 * go through their wire form, stored states through their bytes.
 */
final class SessionWorld implements AutoCloseable {
  static final Signer SIGNER = Signer.best();
  static final Tariff TARIFF = new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO);
  static final PileSettings PILE =
      new PileSettings(
          MeterSettings.s0(1000, 22_000),
          PlausibilityLimits.of(MeterSettings.s0(1000, 22_000)),
          TARIFF,
          new Exposure(MilliWattHours.ofWattHours(100), MilliWattHours.ofWattHours(100)),
          Set.of(Direction.IMPORT),
          PileSettings.Switching.USUAL,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          MilliWattHours.ofWattHours(1000),
          true,
          true);
  static final DriverPolicy DRIVER =
      new DriverPolicy(
          new Amount(500_000),
          Amount.ZERO,
          new Amount(100_000),
          MilliWattHours.ofWattHours(1000),
          Set.of(Direction.IMPORT, Direction.EXPORT),
          Limits.NONE,
          MilliWattHours.ofWattHours(10),
          Optional.of(
              new DriverPolicy.Funding(new Satoshi(100_000), Amount.ZERO, new Feerate(500))),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5));

  static final PublicKey PILE_NODE = SIGNER.publicKey(new PrivateKey(seed("pile node")));

  private record Scheduled(long at, long number, Runnable what) {}

  private final PriorityQueue<Scheduled> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Scheduled::at).thenComparingLong(Scheduled::number));
  private long numbers;
  private long nanos = Duration.ofHours(1).toNanos();
  private int linkNumber;
  private final Map<Way, Long> arrivals = new EnumMap<>(Way.class);

  final TestLedger ledger;

  /** What the pile puts into the channel, where its driver can give it nothing. */
  private final Amount pileDeposit;

  final PileSide pile;
  final DriverSide driver;
  final SimulatedMeter meter;
  boolean linked;
  Supplier<Duration> delay = () -> Duration.ofMillis(10);

  /** What a dishonest pile says instead. */
  UnaryOperator<PeerMessage> forge = UnaryOperator.identity();

  /** Nobody is asked who he is. */
  SessionWorld(PileSettings pileSettings, DriverPolicy policy) {
    this(TestLedger.Kind.BITCOIN, pileSettings, policy);
  }

  /** On a ledger of choice; what the policy opens is the like of it there. */
  SessionWorld(TestLedger.Kind kind, PileSettings pileSettings, DriverPolicy policy) {
    this(kind, pileSettings, policy, Optional.empty(), Optional.empty());
  }

  SessionWorld(
      PileSettings pileSettings,
      DriverPolicy policy,
      Optional<Office> pileOffice,
      Optional<Office> driverOffice) {
    this(TestLedger.Kind.BITCOIN, pileSettings, policy, pileOffice, driverOffice);
  }

  SessionWorld(
      TestLedger.Kind kind,
      PileSettings pileSettings,
      DriverPolicy policy,
      Optional<Office> pileOffice,
      Optional<Office> driverOffice) {
    this.ledger = kind.fresh();
    this.pileDeposit =
        kind == TestLedger.Kind.EVM
            ? policy.funding().map(SessionWorld::push).orElse(Amount.ZERO)
            : Amount.ZERO;
    this.meter = new SimulatedMeter(this, pileSettings);
    this.pile = new PileSide(this, pileSettings, ledger.legs("pile", true), pileOffice);
    this.driver =
        new DriverSide(this, on(ledger, policy), ledger.legs("driver", false), driverOffice);
  }

  private static Amount push(DriverPolicy.Opening opening) {
    return opening instanceof DriverPolicy.Funding funding ? funding.push() : Amount.ZERO;
  }

  private static DriverPolicy on(TestLedger ledger, DriverPolicy policy) {
    return policy.funding().orElse(null) instanceof DriverPolicy.Funding funding
        ? SessionLifeTest.with(policy, ledger.opening(funding.capacity(), funding.push()))
        : policy;
  }

  static ByteVector32 seed(String name) {
    return new ByteVector32(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  long nanos() {
    return nanos;
  }

  Moment now() {
    byte[] number = ByteBuffer.allocate(8).putLong(numbers++).array();
    return new Moment(
        Instant.ofEpochSecond(1_700_000_000).plusNanos(nanos),
        nanos,
        new ByteVector32(Crypto.sha256(number)));
  }

  void at(long when, Runnable what) {
    agenda.add(new Scheduled(Math.max(when, nanos), numbers++, what));
  }

  void after(Duration wait, Runnable what) {
    at(nanos + wait.toNanos(), what);
  }

  /** Runs until {@code done}, or for so long at most. */
  SessionWorld runUntil(BooleanSupplier done, Duration most) {
    long end = nanos + most.toNanos();
    while (!done.getAsBoolean()) {
      Scheduled next = agenda.peek();
      if (next == null || next.at() > end) {
        nanos = end;
        break;
      }
      agenda.remove();
      nanos = next.at();
      next.what().run();
    }
    return this;
  }

  SessionWorld run(Duration time) {
    return runUntil(() -> false, time);
  }

  /** Which way a frame goes. */
  enum Way {
    TO_PILE,
    TO_DRIVER
  }

  void connect() {
    linked = true;
    linkNumber++;
    pile.connected();
    driver.connected();
  }

  /** Cuts the link: what is under way is lost. */
  void disconnect() {
    if (linked) {
      linked = false;
      linkNumber++;
      pile.disconnected();
      driver.disconnected();
    }
  }

  /** Takes a frame to the other side, behind those before it, if the link holds that long. */
  void carry(Way way, List<PeerMessage> said, Consumer<List<PeerMessage>> hear) {
    if (!linked) {
      return;
    }
    List<PeerMessage> messages = way == Way.TO_DRIVER ? said.stream().map(forge).toList() : said;
    List<PeerMessage> copies = new ArrayList<>();
    try {
      for (PeerMessage message : messages) {
        copies.add(PeerCodec.decode(PeerCodec.encode(message)).orElseThrow());
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
    if (!copies.equals(messages)) {
      throw new AssertionError("messages do not survive their bytes: " + messages);
    }
    int link = linkNumber;
    long arrival = Math.max(arrivals.getOrDefault(way, 0L) + 1, nanos + delay.get().toNanos());
    arrivals.put(way, arrival);
    at(
        arrival,
        () -> {
          if (link == linkNumber) {
            hear.accept(copies);
          }
        });
  }

  /** Mines, and lets both sides look and talk. */
  SessionWorld mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      ledger.mine();
      pile.look();
      driver.look();
      run(Duration.ofSeconds(1));
    }
    return this;
  }

  /** A car plugged in at a pile with a channel that the driver has just funded. */
  SessionWorld open() {
    connect();
    run(Duration.ofSeconds(1));
    mine(1);
    if (pileDeposit.value() > 0) {
      pile.command(new OperatorCommand.Deposit(PileSide.DRIVER, pileDeposit));
      mine(1);
    }
    pile.plug(true);
    return this;
  }

  @Override
  public void close() {
    ledger.close();
  }
}
