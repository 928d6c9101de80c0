package chargepile.agent.cli.run;

import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a pile says of itself to whoever listens at the broker. */
final class Watcher implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final PahoBus bus;
  private final Map<String, String> latest = new ConcurrentHashMap<>();
  private final Set<String> all = ConcurrentHashMap.newKeySet();

  Watcher(URI broker, Topics topics) {
    bus = new PahoBus(BrokerSettings.of(broker, "watcher"));
    for (String topic : new String[] {topics.contactor(), topics.status()}) {
      var unused =
          bus.subscribe(
              topic, said -> latest.put(topic, new String(said.payload(), StandardCharsets.UTF_8)));
    }
  }

  /** Waits until a topic says what is wanted. */
  void await(String topic, String wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!wanted.equals(latest.get(topic))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("%s does not become %s: %s".formatted(topic, wanted, latest));
      }
      Thread.sleep(20);
    }
  }

  /** The topics of {@code filter} that the broker keeps something on. */
  List<String> retained(String filter) throws InterruptedException {
    Set<String> kept = ConcurrentHashMap.newKeySet();
    CountDownLatch answered = new CountDownLatch(1);
    var unused = bus.subscribe(filter, said -> kept.add(said.topic()));
    // What is kept comes before what is said after the subscription.
    String end = "watcher/" + System.nanoTime();
    var unusedToo = bus.subscribe(end, said -> answered.countDown());
    bus.publish(end, new byte[0], false);
    if (!answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the broker does not answer");
    }
    return List.copyOf(kept);
  }

  /** Whether any topic ever said that. */
  boolean everSaid(String text) {
    return all.contains(text);
  }

  @Override
  public void close() {
    bus.close();
  }
}
