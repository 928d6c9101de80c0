package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import java.util.function.Consumer;

/** A bus that tells of what is published. */
final class WatchedBus implements Bus {
  private final Bus bus;
  private final Consumer<Delivery> published;

  WatchedBus(Bus bus, Consumer<Delivery> published) {
    this.bus = bus;
    this.published = published;
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
    return bus.subscribe(filter, listener);
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
    published.accept(new Delivery(topic, payload, retained, properties));
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
