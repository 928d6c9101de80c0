package chargepile.hal.gpio;

import chargepile.hal.HeatSensor;
import java.util.function.Consumer;

/** A thermostat's contact on an input line, debounced by the kernel. */
final class GpioHeatSensor implements HeatSensor {
  private final ChipDigitalInput line;

  GpioHeatSensor(ChipDigitalInput line) {
    this.line = line;
  }

  @Override
  public boolean tooHot() {
    return line.isOn();
  }

  @Override
  public void listen(Consumer<Boolean> listener) {
    line.listen(event -> listener.accept(line.on(event)));
  }
}
