package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.Stage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.Identity;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.store.Commit;
import chargepile.agent.store.MemoryStore;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A pile or a driver over all its runs: its disk, its clock, its wallet, its program. */
abstract class Party {
  static final Signer SIGNER = new RememberingSigner(Signer.best());
  static final Topics TOPICS = Topics.of("sim");
  static final int TO_SELF_DELAY = 8;
  private static final int IMAGES = 8;

  final Who who;
  final World world;
  final Deviation deviation;
  final NodeKeys keys;
  final ByteVector home;
  final VirtualTime.WallClock wallClock = new VirtualTime.WallClock();
  private final List<MemoryStore.Disk> images = new ArrayList<>();
  private final List<PeerChannel> past = new ArrayList<>();
  private MemoryStore.Disk disk = new MemoryStore.Disk();
  private final FragileBus.Line line = new FragileBus.Line();
  private boolean chainLost;
  private boolean readOnly;
  private long runs;
  private Duration pause = Duration.ofSeconds(5);
  Program program = new Program(() -> {});
  @Nullable VirtualLane lane;
  @Nullable MemoryBus bus;
  boolean cheated;
  boolean restoredOldImage;
  boolean vanished;

  Party(Who who, World world, Deviation deviation) {
    this.who = who;
    this.world = world;
    this.deviation = deviation;
    this.keys = new NodeKeys(seed(who.name()), SIGNER);
    this.home = new EmbeddedWallet(world.chain, seed(who + " at home"), SIGNER).freshScript();
  }

  static ByteVector32 seed(String name) {
    return new ByteVector32(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  EmbeddedWallet wallet() {
    return new EmbeddedWallet(world.chain, seed(who.name()), SIGNER);
  }

  ByteVector fundingScript() {
    return wallet().freshScript();
  }

  /** Starts the program on what the disk holds. */
  final void start() {
    runs++;
    program = new Program(this::died);
    lane = new VirtualLane(world.clock, program);
    bus = world.broker.connect(Optional.empty());
    world.trace.add(world.clock.nanos(), who + " starts");
    world.invariants.kept(who, new MemoryStore(disk).load());
    try {
      begin(surroundings());
    } catch (Crash e) {
      world.trace.add(world.clock.nanos(), who + " dies while it starts");
    } catch (StoreException e) {
      program.die(); // systemd tries again
      if (!refusesWrites()) {
        throw new Violation("%s does not start: %s".formatted(who, e.getMessage()));
      }
    }
  }

  private boolean refusesWrites() {
    return disk.isFull() || readOnly;
  }

  private Surroundings surroundings() {
    VirtualTime time = new VirtualTime(world.clock, program, wallClock);
    return new Surroundings(
        Objects.requireNonNull(lane),
        Runnable::run,
        time,
        (delay, task) -> world.clock.schedule(delay, time.alive(task)),
        new Random(world.random.nextLong() ^ runs));
  }

  /** The disk as the program has it. */
  final Store store() {
    return new FragileStore(
        program, deviation.store().apply(new MemoryStore(disk)), () -> readOnly, this::stored);
  }

  final Chain chain() {
    return new FragileChain(
        program,
        deviation.chain().apply(world.chain),
        () -> chainLost,
        transaction -> world.published(who, transaction));
  }

  final Bus fragileBus() {
    return new FragileBus(program, Objects.requireNonNull(bus), line, world::frame);
  }

  /** Makes a node and starts it. */
  abstract void begin(Surroundings around);

  /** Stops the node as systemd does. */
  abstract void closeNode();

  /** Who it is to the other; in a share of the runs nobody asks. */
  final Optional<Identity> identity() {
    return world.identities.map(
        policy -> Registered.of(who, policy, clerk -> deviation.clerk().apply(who, clerk)));
  }

  abstract Optional<RuntimeException> failure();

  abstract Optional<PeerChannel> channel();

  abstract void stopSession();

  void stored(Commit commit) {
    world.trace.add(world.clock.nanos(), who + " stores " + commit.journal().event());
    world.invariants.stored(who, commit, world.chain.tip().value());
    world.count(Figure.SETTLEMENTS, commit.settlements().size());
    if (images.size() < IMAGES || world.random.nextInt(8) == 0) {
      images.add(disk.copy());
    }
  }

  /** What the channel was after a transition. */
  void reached(PeerChannel channel) {
    if (channel.leg().penalty().orElseThrow().stage() instanceof Stage.Normal
        && (past.isEmpty() || number(past.getLast()) != number(channel))) {
      past.add(channel);
    }
  }

  private static long number(PeerChannel known) {
    return known.leg().penalty().orElseThrow().commitments().orElseThrow().local().number();
  }

  /** The channel as this party had it so many states ago. */
  Optional<PeerChannel> old(int back) {
    return past.size() <= back ? Optional.empty() : Optional.of(past.get(past.size() - 1 - back));
  }

  /** Gives a command about an HTLC to the channel. */
  abstract void htlc(ChannelEvent.HtlcCommand command);

  /** The stage of the channel as the program last had it. */
  Stage known() {
    return channel()
        .flatMap(known -> known.leg().penalty())
        .map(Channel::stage)
        .orElse(new Stage.Absent());
  }

  ChannelMachine machine(long keyIndex) {
    return new ChannelMachine(
        new ChannelContext(
            SIGNER,
            ChannelKeys.derive(keys.seed(), keyIndex),
            keyIndex,
            channelSettings(),
            who == Who.PILE,
            home));
  }

  ChannelSettings channelSettings() {
    return new ChannelSettings(
        world.chain.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        TO_SELF_DELAY,
        2016,
        1,
        3,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }

  /** The name of that stage. */
  String stage() {
    return known().title();
  }

  void killAfter(int boundaries, Duration pause) {
    if (!program.isDead()) {
      program.dieAfter(boundaries);
      this.pause = pause;
    }
  }

  private void startIfDead() {
    if (program.isDead() && !vanished) {
      start();
    }
  }

  private void died() {
    world.count(Figure.CRASHES, 1);
    world.trace.add(world.clock.nanos(), who + " is dead");
    if (who == Who.PILE) {
      world.meter.contactor().release();
    }
    if (bus != null) {
      bus.disconnect();
      bus.close();
    }
    world.after(pause, this::startIfDead);
  }

  void restart() {
    if (!program.isDead()) {
      stop();
      start();
    }
  }

  /** Stops cleanly. */
  void stop() {
    if (!program.isDead()) {
      try {
        closeNode();
      } catch (Crash e) {
        world.trace.add(world.clock.nanos(), who + " dies while it stops");
      }
      if (bus != null) {
        bus.close();
      }
    }
  }

  void hang(Duration time) {
    VirtualLane held = lane;
    if (held != null && !program.isDead()) {
      held.hold();
      world.after(time, held::release);
    }
  }

  void cut(Duration time) {
    MemoryBus known = bus;
    if (known != null && !program.isDead()) {
      known.disconnect();
      world.after(time, known::reconnect);
    }
  }

  void loseChain(Duration time) {
    chainLost = true;
    world.after(time, () -> chainLost = false);
  }

  void jump(Duration by) {
    wallClock.offset = wallClock.offset.plus(by);
  }

  void fillDisk(Duration time) {
    disk.full(true);
    MemoryStore.Disk full = disk;
    world.after(time, () -> full.full(false));
  }

  /** For a while nothing can be written. */
  void protectDisk(Duration time) {
    readOnly = true;
    world.after(time, () -> readOnly = false);
  }

  /** For a while it is not heard, or hears nothing. */
  void breakLine(boolean deaf, Duration time) {
    line.deaf |= deaf;
    line.mute |= !deaf;
    world.after(time, this::mendLine);
  }

  private void mendLine() {
    line.deaf = false;
    line.mute = false;
  }

  /** How many frames never left it or never came to it. */
  long dropped() {
    return line.dropped;
  }

  /** Dies now, and starts again later. */
  void blackOut(Duration time) {
    if (!program.isDead()) {
      pause = time;
      program.die();
    }
  }

  /** Dies for good. */
  void vanish() {
    vanished = true;
    program.die();
  }

  /** Kills the program and gives it an older copy of its disk. */
  void restoreOldImage() {
    if (!images.isEmpty() && !vanished) {
      program.die();
      restoredOldImage = true;
      world.invariants.forget(who);
      disk = images.get(world.random.nextInt(images.size()));
      images.clear();
      world.invariants.restored(who, new MemoryStore(disk).load());
      start();
    }
  }

  /** After each step: a program that failed is dead, and systemd starts it again. */
  void look() {
    Optional<RuntimeException> failure = failure();
    if (!program.isDead() && failure.isPresent()) {
      world.trace.add(world.clock.nanos(), who + " failed: " + failure.get().getMessage());
      if (failure.get() instanceof Violation violation) {
        throw violation;
      }
      if (!refusesWrites()) {
        throw new Violation(who + " failed: " + failure.get());
      }
      program.die();
    }
  }

  void heal() {
    chainLost = false;
    readOnly = false;
    mendLine();
    disk.full(false);
    if (lane != null) {
      lane.release();
    }
    if (bus != null && !program.isDead()) {
      bus.reconnect();
    }
    program.live();
    startIfDead();
  }
}
