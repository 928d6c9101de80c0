package chargepile.hal.gpio;

import chargepile.hal.PlugSensor;
import java.util.function.Consumer;

/** The plug's contact on an input line, debounced by the kernel. */
final class GpioPlugSensor implements PlugSensor {
  private final ChipDigitalInput line;

  GpioPlugSensor(ChipDigitalInput line) {
    this.line = line;
  }

  @Override
  public boolean plugged() {
    return line.isOn();
  }

  @Override
  public void listen(Consumer<Boolean> listener) {
    line.listen(event -> listener.accept(line.on(event)));
  }
}
