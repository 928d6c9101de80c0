package chargepile.agent.cli.run;

import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Topics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  /** Whether any topic ever said that. */
  boolean everSaid(String text) {
    return all.contains(text);
  }

  @Override
  public void close() {
    bus.close();
  }
}
