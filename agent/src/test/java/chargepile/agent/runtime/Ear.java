package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A party's own bus, that notes what the party says, and holds what it acts upon against what the
 * other said: each frame that changes the party must be the other's, unchanged, on its own topic,
 * in its turn and once. To act upon a frame is to make a transition while it is handed over, so the
 * party must run on a {@link DirectLane}.
 */
final class Ear implements Bus {
  private static final byte DATA = 4;

  private final Bus bus;
  private final String name;

  /** What this party said, by topic. */
  private final Map<String, List<ByteVector>> said = new HashMap<>();

  /** How many data frames of the other's came in their turn, by topic. */
  private final Map<String, Integer> inTurn = new HashMap<>();

  /** Topics on which a frame was missing, which ends their link. */
  private final Set<String> gone = new HashSet<>();

  /** Acts that made this party do something: none may do so twice. */
  private final Set<ByteVector> usedActs = new HashSet<>();

  /** All that arrived, by topic. */
  private final Map<String, Set<ByteVector>> arrived = new HashMap<>();

  private long arrivals;

  private final List<String> violations = new ArrayList<>();
  private final List<ByteVector> published = new ArrayList<>();
  private @Nullable Ear other;
  private Set<String> strangers = Set.of();
  private Supplier<Object> guarded = () -> name();
  private @Nullable Delivery current;
  private boolean due;
  private long acceptedFrames;
  private long refusedFrames;
  private boolean changed;

  Ear(Bus bus, String name) {
    this.bus = bus;
    this.name = name;
  }

  /**
   * Who the other is.
   *
   * @param strangersTopics the topics of links that somebody else has under a node key of its own
   * @param between what no stranger may change
   */
  void hears(Ear peer, Set<String> strangersTopics, Supplier<Object> between) {
    other = peer;
    strangers = strangersTopics;
    guarded = between;
  }

  /** What the party published since the last call; for the observer of a transition. */
  List<ByteVector> published() {
    List<ByteVector> since = List.copyOf(published);
    published.clear();
    return since;
  }

  /** What it acted upon and must not have. */
  List<String> violations() {
    return violations;
  }

  /** Whether these bytes ever arrived on that topic, to whatever end. */
  boolean heard(String topic, byte[] frame) {
    return arrived.getOrDefault(topic, Set.of()).contains(new ByteVector(frame));
  }

  /** How many frames arrived. */
  long arrivals() {
    return arrivals;
  }

  /** Frames that made the party do something. */
  long accepted() {
    return acceptedFrames;
  }

  /** Frames that did not. */
  long refused() {
    return refusedFrames;
  }

  /** The party made a transition. */
  void transition() {
    if (current != null) {
      changed = true;
    }
  }

  private List<ByteVector> saidByOther(String topic) {
    return other == null ? List.of() : other.said.getOrDefault(topic, List.of());
  }

  private void handOver(Delivery delivery, Consumer<Delivery> listener) {
    if (!delivery.topic().contains("/peer/")) {
      listener.accept(delivery);
      return;
    }
    ByteVector frame = new ByteVector(delivery.payload());
    String topic = delivery.topic();
    arrivals++;
    arrived.computeIfAbsent(topic, t -> new HashSet<>()).add(frame);
    List<ByteVector> all = saidByOther(topic);
    boolean act = delivery.payload().length > 0 && delivery.payload()[0] != DATA;
    List<ByteVector> data = all.stream().filter(said -> said.get(0) == DATA).toList();
    int next = inTurn.getOrDefault(topic, 0);
    due =
        !delivery.retained()
            && (act ? all.contains(frame) && !usedActs.contains(frame) : isDue(data, next, frame));
    if (due && !act) {
      inTurn.put(topic, next + 1);
    }
    boolean ahead =
        !act
            && !due
            && !delivery.retained()
            && data.size() > next
            && data.subList(next, data.size()).contains(frame);
    Object before = strangers.contains(topic) ? guarded.get() : "";
    current = delivery;
    changed = false;
    listener.accept(delivery);
    current = null;
    if (changed && strangers.contains(topic)) {
      if (!before.equals(guarded.get())) {
        violations.add(name + " let a stranger change what is between it and the other");
      }
      return;
    }
    if (changed && act) {
      usedActs.add(frame);
    }
    judge(topic, act, ahead);
  }

  private static boolean isDue(List<ByteVector> data, int next, ByteVector frame) {
    return next < data.size() && data.get(next).equals(frame);
  }

  private void judge(String topic, boolean act, boolean ahead) {
    if (!changed) {
      refusedFrames++;
      return;
    }
    acceptedFrames++;
    if (gone.contains(topic)) {
      violations.add(name + " acted upon a frame of a link that had ended");
    } else if (ahead) {
      gone.add(topic); // the link ends, which is a transition too
    } else if (!due) {
      violations.add(
          "%s acted upon %s that was never sent like this, on %s"
              .formatted(name, act ? "an act" : "a frame", topic));
    }
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
    return bus.subscribe(filter, delivery -> handOver(delivery, listener));
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
    if (topic.contains("/peer/")) {
      ByteVector frame = new ByteVector(payload);
      said.computeIfAbsent(topic, t -> new ArrayList<>()).add(frame);
      published.add(frame);
    }
    bus.publish(topic, payload, retained, properties);
  }

  @Override
  public void onConnection(Consumer<Boolean> listener) {
    bus.onConnection(listener);
  }

  @Override
  public void close() {
    bus.close();
  }
}
