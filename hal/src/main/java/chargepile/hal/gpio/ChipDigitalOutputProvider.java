package chargepile.hal.gpio;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProviderBase;
import com.pi4j.io.gpio.digital.DigitalState;

/** Pi4J outputs from a chip of the character device; addresses are its line numbers. */
final class ChipDigitalOutputProvider extends DigitalOutputProviderBase {
  static final String ID = "chargepile-digital-output";

  private final Chip chip;

  ChipDigitalOutputProvider(Chip chip) {
    super(ID, "GPIO character device, output");
    this.chip = chip;
  }

  @Override
  public DigitalOutput create(DigitalOutputConfig config) {
    boolean high = config.initialState() == DigitalState.HIGH;
    Line line = chip.request(new LineRequest.Output(config.address(), config.name(), high));
    try {
      ChipDigitalOutput output = new ChipDigitalOutput(this, config, line);
      context().registry().add(output);
      return output;
    } catch (RuntimeException e) {
      line.close();
      throw e;
    }
  }
}
