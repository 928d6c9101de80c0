package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.ForgedActs;
import chargepile.agent.mqtt.Scheduler;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Owns the broker: the pile is on one bus and the driver on another, and what goes from one to the
 * other goes through here. It passes everything on, but for one frame, to which, or from which on,
 * it does what its {@link Attack} says. It knows all that is public, the pile's node key included.
 */
final class Adversary {
  /**
   * A frame of one of the two, as it came here.
   *
   * @param nanos when it did
   */
  record Frame(int number, long nanos, String topic, byte[] bytes) {
    boolean toPile() {
      return topic.endsWith("/to-pile");
    }

    byte type() {
      return bytes.length == 0 ? -1 : bytes[0];
    }

    /** The link's topic in the other direction. */
    String backTopic() {
      return toPile()
          ? topic.replace("/to-pile", "/to-driver")
          : topic.replace("/to-driver", "/to-pile");
    }
  }

  /** As a target: every frame that a party says by itself. */
  static final int EVERY = -1;

  /** As an effect: the pile shook hands with this side and speaks to it. */
  static final String HEARD_ON_OWN_LINK = "heard on a link of its own";

  /** As an effect: the driver shook hands with this side, or went on as if. */
  static final String BELIEVED = "believed by the driver";

  /** As an effect: by a start the pile forgot the session before. */
  static final String FORGOT_SESSION = "start forgot the last session";

  /** Where the pile answers this side's commands. */
  private static final String ANSWERS = "chargepile/test/answer/eve";

  private static final Pattern ANSWER =
      Pattern.compile("\"verb\":\"([a-z-]+)\",\"done\":(true|false)");
  private static final Pattern DRIVER = Pattern.compile("\"driver\":\"([0-9a-f]{66})\"");

  /** When virtual time begins. */
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** What it limits sessions to. */
  static final long LIMIT_WH = 30;

  static final byte ACT_ONE = 1;
  static final byte ACT_TWO = 2;
  static final byte DATA = 4;
  static final int HEADER_BYTES = 9;

  final Bus atPile;
  final Bus atDriver;
  final Scheduler scheduler;
  final Random random;
  final ForgedActs forged;
  final PublicKey pileKey;

  /** All frames of the two so far. */
  final List<Frame> frames = new CopyOnWriteArrayList<>();

  /** Hears the verb of each command of this side's that the pile says it has carried out. */
  Consumer<String> onDone = verb -> {};

  /** What the pile says to everybody, by topic. */
  final Map<String, String> documents = new ConcurrentHashMap<>();

  /** All topics that were used, of whatever kind. */
  final Set<String> topics = ConcurrentHashMap.newKeySet();

  /** Topics on which this side has a link of its own to the pile, under its own node key. */
  final Set<String> ownLinks = ConcurrentHashMap.newKeySet();

  private final Set<String> driversTopics = new HashSet<>();
  private final Set<String> acts = new HashSet<>();
  private final List<Attack> attacks;
  private final int target;
  private final LongSupplier clock;
  private @Nullable Frame held;
  private ForgedActs.@Nullable Half half;
  private int struck;
  private @Nullable Attack striking;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicLong deeds = new AtomicLong();
  private final Map<String, Long> effects = new ConcurrentHashMap<>();

  /** Topics of links of the driver's to which this side answered in the pile's place. */
  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  /**
   * @param attacks what is done to the frames that are attacked, in turn
   * @param target the number of the frame that is attacked, from 0, or {@link #EVERY}
   */
  Adversary(
      Bus atPile,
      Bus atDriver,
      Scheduler scheduler,
      LongSupplier clock,
      PublicKey pileKey,
      List<Attack> attacks,
      int target,
      long seed) {
    this.atPile = atPile;
    this.atDriver = atDriver;
    this.scheduler = scheduler;
    this.clock = clock;
    this.pileKey = pileKey;
    this.attacks = List.copyOf(attacks);
    this.target = target;
    this.random = new Random(seed);
    this.forged = new ForgedActs(pileKey, random);
    var unused = atPile.subscribe("chargepile/#", delivery -> guarded(delivery, this::fromPile));
    var unusedToo =
        atDriver.subscribe("chargepile/#", delivery -> guarded(delivery, this::fromDriver));
  }

  /** How many frames were attacked. */
  int struck() {
    return struck;
  }

  /** How often something was said that nobody had said, or was not passed on as it came. */
  long deeds() {
    return deeds.get();
  }

  /** What went wrong on this side, where no test would hear of it. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private void deed() {
    deeds.incrementAndGet();
    Attack now = striking;
    if (now != null && Thread.holdsLock(this)) {
      took("deed of " + now);
    }
  }

  /** Who delivers may swallow what is thrown. */
  private void guarded(Bus.Delivery delivery, Consumer<Bus.Delivery> listener) {
    try {
      listener.accept(delivery);
    } catch (RuntimeException | Error e) {
      failures.add("at a message on %s: %s".formatted(delivery.topic(), e));
      throw e;
    }
  }

  /** Something that was done had an effect. */
  void took(String effect) {
    effects.merge(effect, 1L, Long::sum);
  }

  /** What had an effect, and how often. */
  Map<String, Long> effects() {
    return Map.copyOf(effects);
  }

  private void fromPile(Bus.Delivery delivery) {
    topics.add(delivery.topic());
    if (delivery.topic().endsWith("/to-driver")) {
      on(delivery);
    } else if (delivery.topic().equals(ANSWERS)) {
      String answer = new String(delivery.payload(), Attack.TEXT);
      if (answer.contains("one that comes gets an offer")) {
        took(FORGOT_SESSION);
      }
      Matcher said = ANSWER.matcher(answer);
      if (said.find()) {
        boolean done = said.group(2).equals("true");
        took(said.group(1) + (done ? " done" : " refused"));
        if (done) {
          onDone.accept(said.group(1));
        }
      }
    } else if (!delivery.topic().endsWith("/to-pile")) {
      documents.put(delivery.topic(), new String(delivery.payload(), Attack.TEXT));
    }
  }

  private void fromDriver(Bus.Delivery delivery) {
    topics.add(delivery.topic());
    if (delivery.topic().endsWith("/to-pile")) {
      on(delivery);
    }
  }

  private synchronized void on(Bus.Delivery delivery) {
    if (ownLinks.contains(delivery.topic())) {
      if (delivery.payload().length > 0 && delivery.payload()[0] == DATA) {
        took(HEARD_ON_OWN_LINK);
      }
      return; // for this side alone
    }
    Frame frame = new Frame(frames.size(), clock.getAsLong(), delivery.topic(), delivery.payload());
    frames.add(frame);
    if (answered.contains(frame.topic()) && frame.type() != ACT_ONE) {
      took(BELIEVED);
    }
    Frame before = held;
    held = null;
    if (target == EVERY ? isNews(frame) : isTarget(frame)) {
      Attack attack = attacks.get(struck++ % attacks.size());
      striking = attack;
      attack.strike(this, frame);
      striking = null;
    } else {
      pass(frame);
    }
    if (before != null) {
      pass(before);
    }
  }

  private boolean isTarget(Frame frame) {
    return frame.number() == target || struck > 0 && attacks.getFirst().loss() == Attack.Loss.ALL;
  }

  /** Whether a party says this by itself: what answers this side's doings would never end. */
  private boolean isNews(Frame frame) {
    if (frame.toPile()) {
      driversTopics.add(frame.topic());
    }
    boolean known = driversTopics.contains(frame.toPile() ? frame.topic() : frame.backTopic());
    return known
        && frame.type() <= DATA
        && (frame.type() == DATA || acts.add(frame.topic() + " " + frame.type()));
  }

  /** Hands a frame on as it came. */
  void pass(Frame frame) {
    (frame.toPile() ? atPile : atDriver).publish(frame.topic(), frame.bytes(), false);
  }

  /** Hands it on once the next one has been. */
  void holdUntilNext(Frame frame) {
    deed();
    held = frame;
  }

  /** Swallows a frame. */
  void keep() {
    deed();
  }

  /** Says what nobody has said. */
  void say(String topic, byte[] bytes) {
    say(topic, bytes, false);
  }

  void say(String topic, byte[] bytes, boolean retained) {
    deed();
    (topic.endsWith("/to-driver") ? atDriver : atPile).publish(topic, bytes, retained);
  }

  void later(Duration delay, Runnable deed) {
    deed();
    scheduler.schedule(delay, deed);
  }

  /** Gives the pile one of all commands that there are, and the next one a second later. */
  void command() {
    int first = target + struck;
    command(first);
    later(Duration.ofSeconds(1), () -> command(first + 1));
  }

  private void command(int which) {
    String driver =
        DRIVER
            .matcher(documents.getOrDefault(TwoNodes.TOPICS.session(), ""))
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElse(pileKey.toHex());
    String at = START.plusNanos(clock.getAsLong()).toString();
    List<String> commands =
        List.of(
            "pause {}",
            "resume {\"at\":\"" + at + "\"}",
            "clear-faults {}",
            "limit {\"energy_wh\":" + LIMIT_WH + "}",
            "stop {\"text\":\"enough\"}",
            "start {\"at\":\"" + at + "\"}",
            "close-channel {\"driver\":\"" + driver + "\"}");
    String[] next = commands.get(which % commands.size()).split(" ", 2);
    deed();
    atPile.publish(
        TwoNodes.TOPICS.command(next[0]),
        next[1].getBytes(Attack.TEXT),
        false,
        Bus.Properties.request(ANSWERS, new ByteVector(noise(8))));
  }

  /** Answers a driver's act one in the pile's place, without the pile's key. */
  void answerAsPile(Frame actOne) {
    took("answered in the pile's place");
    answered.add(actOne.topic());
    forged.actsTwo(actOne.bytes()).forEach(act -> say(actOne.backTopic(), act));
  }

  byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The topic of a link that nobody has. */
  String nobodysTopic(Frame like) {
    String session = HexFormat.of().formatHex(noise(16));
    return like.toPile() ? TwoNodes.TOPICS.toPile(session) : TwoNodes.TOPICS.toDriver(session);
  }

  /** The frame before this one for which that holds, if there is one. */
  Optional<Frame> earlier(Frame than, Predicate<Frame> is) {
    return frames.subList(0, than.number()).reversed().stream().filter(is).findFirst();
  }

  /** Begins a handshake with the pile on a topic that is the driver's. */
  byte[] ownActOne() {
    ForgedActs.Half mine = forged.begin();
    half = mine;
    return mine.actOne();
  }

  /** Ends the handshake that it began; nothing where it has begun none. */
  Optional<byte[]> ownActThree(byte[] actTwo) {
    ForgedActs.Half mine = half;
    half = null;
    return Optional.ofNullable(mine).map(begun -> begun.actThree(actTwo));
  }
}
