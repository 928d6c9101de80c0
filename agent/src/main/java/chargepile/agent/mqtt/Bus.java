package chargepile.agent.mqtt;

import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A publish-subscribe bus: an MQTT broker, or its in-memory stand-in. Delivery is at most once as
 * far as anybody above may assume. Thread-safe; listeners run on the bus's thread and must only
 * enqueue.
 */
public interface Bus extends AutoCloseable {
  /**
   * A message as it arrived.
   *
   * @param retained whether it was published to be retained: just now, or before the subscription
   */
  record Delivery(String topic, byte[] payload, boolean retained, Properties properties) {
    public Delivery(String topic, byte[] payload, boolean retained) {
      this(topic, payload, retained, Properties.NONE);
    }
  }

  /**
   * What MQTT 5 has for requests and their answers.
   *
   * @param responseTopic where a request wants its answer
   * @param correlationData by which a requester knows its answer; empty for none
   */
  record Properties(Optional<String> responseTopic, ByteVector correlationData) {
    public static final Properties NONE = new Properties(Optional.empty(), ByteVector.empty);

    /** Those of a request. */
    public static Properties request(String responseTopic, ByteVector correlationData) {
      return new Properties(Optional.of(responseTopic), correlationData);
    }

    /** Those of the answer to a request with these. */
    public Properties ofAnswer() {
      return new Properties(Optional.empty(), correlationData);
    }
  }

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
  void publish(String topic, byte[] payload, boolean retained, Properties properties);

  /** The same, without properties. */
  default void publish(String topic, byte[] payload, boolean retained) {
    publish(topic, payload, retained, Properties.NONE);
  }

  /**
   * Calls {@code listener} with true after every (re)connection, also for the one that stands now,
   * and with false after every loss.
   */
  void onConnection(Consumer<Boolean> listener);

  @Override
  void close();
}
