package chargepile.agent.sim;

import chargepile.agent.mqtt.Bus;
import java.util.function.Consumer;

/** A program's bus: it may be killed before or after it publishes. */
final class FragileBus implements Bus {
  private final Program program;
  private final Bus bus;
  private final Consumer<Delivery> published;

  /**
   * @param published hears what the program publishes, before it is on its way
   */
  FragileBus(Program program, Bus bus, Consumer<Delivery> published) {
    this.program = program;
    this.bus = bus;
    this.published = published;
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
    return bus.subscribe(
        filter,
        delivery -> {
          if (!program.isDead()) {
            listener.accept(delivery);
          }
        });
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained) {
    if (!program.isDead()) {
      published.accept(new Delivery(topic, payload, retained));
      program.act(() -> bus.publish(topic, payload, retained));
    }
  }

  @Override
  public void onConnection(Consumer<Boolean> listener) {
    bus.onConnection(
        up -> {
          if (!program.isDead()) {
            listener.accept(up);
          }
        });
  }

  @Override
  public void close() {
    bus.close();
  }
}
