package chargepile.agent.mqtt;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.tinylog.Logger;

/**
 * Who listens to what on one bus. What a listener throws is logged here: Paho would swallow it and
 * others would miss the message. Thread-safe.
 */
final class Subscribers {
  private record Subscriber(String filter, Consumer<Bus.Delivery> listener) {}

  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  AutoCloseable add(String filter, Consumer<Bus.Delivery> listener) {
    Subscriber subscriber = new Subscriber(filter, listener);
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  Set<String> filters() {
    return subscribers.stream().map(Subscriber::filter).collect(Collectors.toSet());
  }

  boolean wants(String filter) {
    return filters().contains(filter);
  }

  void deliver(Bus.Delivery delivery) {
    for (Subscriber subscriber : subscribers) {
      if (TopicFilter.matches(subscriber.filter(), delivery.topic())) {
        try {
          subscriber.listener().accept(delivery);
        } catch (RuntimeException e) {
          Logger.error(e, "a listener to {} failed on {}", subscriber.filter(), delivery.topic());
        }
      }
    }
  }
}
