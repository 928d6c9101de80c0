package chargepile.agent.mqtt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A broker in this process: wildcards, retained messages, last wills, and faults on demand. All
 * deliveries are tasks of the scheduler, so that under virtual time a seed replays to the byte.
 * Without faults each bus gets what is published in order, once. Thread-safe.
 */
public final class MemoryBroker {
  /**
   * What goes wrong with deliveries: each number is the probability for one delivery, from 0 to 1.
   *
   * @param delay of a delayed delivery, at most; what is delayed is overtaken
   */
  public record Faults(
      double lost, double duplicated, double delayed, double corrupted, Duration delay) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, Duration.ZERO);
  }

  /** How many deliveries each fault has befallen. */
  public record Tally(long lost, long duplicated, long delayed, long corrupted) {}

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Map<String, Bus.Delivery> retained = new LinkedHashMap<>();
  private final List<MemoryBus> buses = new ArrayList<>();
  private Faults faults;
  private Tally tally = new Tally(0, 0, 0, 0);

  public MemoryBroker(Scheduler scheduler, Faults faults, RandomGenerator random) {
    this.scheduler = scheduler;
    this.faults = faults;
    this.random = random;
  }

  /** A connected bus, with a last will for when {@link MemoryBus#disconnect} cuts it off. */
  public synchronized MemoryBus connect(Optional<BrokerSettings.Will> will) {
    MemoryBus bus = new MemoryBus(this, will);
    buses.add(bus);
    return bus;
  }

  /** Replaces the faults of what is published from now on. */
  public synchronized void faults(Faults faults) {
    this.faults = faults;
  }

  /** What has gone wrong so far. */
  public synchronized Tally tally() {
    return tally;
  }

  synchronized void remove(MemoryBus bus) {
    buses.remove(bus);
  }

  synchronized void publish(Bus.Delivery message) {
    if (message.retained() && message.payload().length == 0) {
      retained.remove(message.topic());
    } else if (message.retained()) {
      retained.put(message.topic(), copy(message, message.payload().clone()));
    }
    for (MemoryBus bus : buses) {
      for (MemoryBus.Subscription subscription : bus.matching(message.topic())) {
        deliver(subscription, message);
      }
    }
  }

  synchronized void deliverRetained(MemoryBus.Subscription subscription) {
    for (Bus.Delivery message : retained.values()) {
      if (TopicFilter.matches(subscription.filter(), message.topic())) {
        deliver(subscription, message);
      }
    }
  }

  void later(Runnable task) {
    scheduler.schedule(Duration.ZERO, task);
  }

  private void deliver(MemoryBus.Subscription to, Bus.Delivery message) {
    boolean lost = happens(faults.lost());
    int copies = lost ? 0 : happens(faults.duplicated()) ? 2 : 1;
    count(lost, copies == 2, false, false);
    for (int i = 0; i < copies; i++) {
      boolean corrupted = happens(faults.corrupted());
      byte[] bytes = corrupted ? corrupt(message.payload()) : message.payload().clone();
      boolean delayed = happens(faults.delayed());
      Duration delay =
          delayed ? Duration.ofNanos(random.nextLong(faults.delay().toNanos() + 1)) : Duration.ZERO;
      count(false, false, delayed, corrupted);
      scheduler.schedule(delay, to.delivery(copy(message, bytes)));
    }
  }

  private static Bus.Delivery copy(Bus.Delivery message, byte[] bytes) {
    return new Bus.Delivery(message.topic(), bytes, message.retained(), message.properties());
  }

  private synchronized void count(
      boolean lost, boolean duplicated, boolean delayed, boolean corrupted) {
    tally =
        new Tally(
            tally.lost() + (lost ? 1 : 0),
            tally.duplicated() + (duplicated ? 1 : 0),
            tally.delayed() + (delayed ? 1 : 0),
            tally.corrupted() + (corrupted ? 1 : 0));
  }

  private boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** Flips a bit, or cuts the end off. */
  private byte[] corrupt(byte[] payload) {
    if (payload.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(payload.length);
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(payload, at);
    }
    byte[] changed = payload.clone();
    changed[at] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }
}
