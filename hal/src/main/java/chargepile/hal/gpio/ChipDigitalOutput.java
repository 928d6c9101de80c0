package chargepile.hal.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputBase;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;

/** A Pi4J output; states are electrical levels. */
final class ChipDigitalOutput extends DigitalOutputBase {
  private final Line line;

  ChipDigitalOutput(DigitalOutputProvider provider, DigitalOutputConfig config, Line line) {
    super(provider, config);
    this.line = line;
  }

  /** Drives the line every time: what Pi4J remembers of the last state is no proof. */
  @Override
  public synchronized DigitalOutput state(DigitalState state) {
    line.drive(state == DigitalState.HIGH);
    return super.state(state);
  }

  @Override
  public synchronized DigitalOutput shutdown(Context context) {
    try {
      return super.shutdown(context);
    } finally {
      line.close();
    }
  }
}
