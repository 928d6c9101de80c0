package chargepile.agent.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One client of a {@link MemoryBroker}. */
public final class MemoryBus implements Bus {
  private final MemoryBroker broker;
  private final Optional<BrokerSettings.Will> will;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final List<Consumer<Boolean>> connectionListeners = new CopyOnWriteArrayList<>();
  private volatile boolean connected = true;

  /** Counts connections; what was on its way in an earlier one never arrives. */
  private final AtomicInteger connection = new AtomicInteger();

  MemoryBus(MemoryBroker broker, Optional<BrokerSettings.Will> will) {
    this.broker = broker;
    this.will = will;
  }

  @Override
  public String name() {
    return "in-memory";
  }

  @Override
  public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
    Subscription subscription = new Subscription(filter, listener);
    subscriptions.add(subscription);
    if (connected) {
      broker.deliverRetained(subscription);
    }
    return () -> subscriptions.remove(subscription);
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
    if (connected) {
      broker.publish(new Delivery(topic, payload, retained, properties));
    }
  }

  @Override
  public void onConnection(Consumer<Boolean> listener) {
    connectionListeners.add(listener);
    if (connected) {
      broker.later(() -> listener.accept(true));
    }
  }

  /** Cuts the connection as a broken network does; the broker publishes the last will. */
  public void disconnect() {
    if (connected) {
      connected = false;
      connection.incrementAndGet();
      will.ifPresent(
          last ->
              broker.publish(
                  new Delivery(
                      last.topic(), last.payload().getBytes(StandardCharsets.UTF_8), true)));
      broker.later(() -> connectionListeners.forEach(listener -> listener.accept(false)));
    }
  }

  /** Connects again after {@link #disconnect} and renews the subscriptions. */
  public void reconnect() {
    if (!connected) {
      connected = true;
      subscriptions.forEach(broker::deliverRetained);
      broker.later(() -> connectionListeners.forEach(listener -> listener.accept(true)));
    }
  }

  @Override
  public void close() {
    connected = false;
    connection.incrementAndGet();
    subscriptions.clear();
    connectionListeners.clear();
    broker.remove(this);
  }

  List<Subscription> matching(String topic) {
    List<Subscription> found = new ArrayList<>();
    if (connected) {
      for (Subscription subscription : subscriptions) {
        if (TopicFilter.matches(subscription.filter, topic)) {
          found.add(subscription);
        }
      }
    }
    return found;
  }

  /** One subscription of this bus. */
  final class Subscription {
    private final String filter;
    private final Consumer<Delivery> listener;

    Subscription(String filter, Consumer<Delivery> listener) {
      this.filter = filter;
      this.listener = listener;
    }

    String filter() {
      return filter;
    }

    /** Hands over {@code delivery}, unless the connection or the subscription ended meanwhile. */
    Runnable delivery(Delivery delivery) {
      int sentIn = connection.get();
      return () -> {
        if (connection.get() == sentIn && subscriptions.contains(this)) {
          listener.accept(delivery);
        }
      };
    }
  }
}
