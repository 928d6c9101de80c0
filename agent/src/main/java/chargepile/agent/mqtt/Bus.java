package chargepile.agent.mqtt;

import java.util.function.Consumer;

/**
 * A publish-subscribe bus: an MQTT broker, or its in-memory stand-in. Delivery is at most once as
 * far as anybody above may assume. Thread-safe; listeners run on the bus's thread and must only
 * enqueue.
 */
public interface Bus extends AutoCloseable {
  /** A message as it arrived. */
  record Delivery(String topic, byte[] payload, boolean retained) {}

  /**
   * Where the messages go, for the summary and the log: {@code mqtt tcp://127.0.0.1:1883} or {@code
   * in-memory}.
   */
  String name();

  /**
   * Delivers what matches {@code filter} (MQTT wildcards) until the returned handle is closed. The
   * subscription is renewed at every reconnection.
   */
  AutoCloseable subscribe(String filter, Consumer<Delivery> listener);

  /** Publishes at QoS 1; does not wait. Lost silently while there is no connection. */
  void publish(String topic, byte[] payload, boolean retained);

  /**
   * Calls {@code listener} with true after every (re)connection, also for the one that stands now,
   * and with false after every loss.
   */
  void onConnection(Consumer<Boolean> listener);

  @Override
  void close();
}
