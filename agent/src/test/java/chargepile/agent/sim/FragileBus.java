package chargepile.agent.sim;

import chargepile.agent.mqtt.Bus;
import java.util.function.Consumer;

/** A program's bus: it may be killed before or after it publishes. */
final class FragileBus implements Bus {
  private final Program program;
  private final Bus bus;
  private final Consumer<Delivery> published;
  private final Line line;

  /** Whether what is said gets out, and what comes gets in; outlives the programs on it. */
  static final class Line {
    boolean mute;
    boolean deaf;
    long dropped;

    private boolean drops(boolean broken) {
      dropped += broken ? 1 : 0;
      return broken;
    }
  }

  /**
   * @param published hears what the program publishes, before it is on its way
   */
  FragileBus(Program program, Bus bus, Line line, Consumer<Delivery> published) {
    this.program = program;
    this.bus = bus;
    this.line = line;
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
          if (!program.isDead() && !line.drops(line.deaf)) {
            listener.accept(delivery);
          }
        });
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
    if (!program.isDead() && !line.drops(line.mute)) {
      published.accept(new Delivery(topic, payload, retained, properties));
      program.act(() -> bus.publish(topic, payload, retained, properties));
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
