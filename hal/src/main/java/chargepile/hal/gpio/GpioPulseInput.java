package chargepile.hal.gpio;

import chargepile.hal.Edge;
import chargepile.hal.PulseInput;
import chargepile.hal.Register;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The meter's S0 outputs on input lines; the kernel's event numbers become edge sequences. */
final class GpioPulseInput implements PulseInput {
  private final Map<Register, ChipDigitalInput> lines;
  private volatile @Nullable Consumer<Edge> listener;

  GpioPulseInput(Map<Register, ChipDigitalInput> lines) {
    this.lines = Map.copyOf(lines);
  }

  @Override
  public synchronized void listen(Consumer<Edge> next) {
    if (listener != null) {
      throw new IllegalStateException("the pulse input has a listener already");
    }
    listener = next;
    lines.forEach((register, line) -> line.listen(event -> deliver(register, line, event)));
  }

  @Override
  public void close() {
    // The lines themselves belong to the Pi4J context.
    listener = edge -> {};
  }

  private void deliver(Register register, ChipDigitalInput line, LineEvent event) {
    Consumer<Edge> receiver = listener;
    if (receiver != null) {
      receiver.accept(new Edge(register, line.on(event), event.timestampNanos(), event.sequence()));
    }
  }
}
