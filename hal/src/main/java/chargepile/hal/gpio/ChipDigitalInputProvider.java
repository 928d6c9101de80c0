package chargepile.hal.gpio;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProviderBase;
import com.pi4j.io.gpio.digital.PullResistance;

/** Pi4J inputs from a chip of the character device; addresses are its line numbers. */
final class ChipDigitalInputProvider extends DigitalInputProviderBase {
  static final String ID = "chargepile-digital-input";

  /** The most the kernel keeps for one line; its default of 16 loses pulses of a stalled JVM. */
  private static final int EVENT_BUFFER = 1024;

  private final Chip chip;
  private final LineReader reader;

  ChipDigitalInputProvider(Chip chip, LineReader reader) {
    super(ID, "GPIO character device, input");
    this.chip = chip;
    this.reader = reader;
  }

  @Override
  public DigitalInput create(DigitalInputConfig config) {
    LineRequest request =
        new LineRequest.Input(
            config.address(),
            config.name(),
            bias(config.pull()),
            Math.toIntExact(config.debounce()),
            EVENT_BUFFER);
    Line line = chip.request(request);
    try {
      ChipDigitalInput input = new ChipDigitalInput(this, config, line, reader);
      context().registry().add(input);
      return input;
    } catch (RuntimeException e) {
      line.close();
      throw e;
    }
  }

  private static LineRequest.Bias bias(PullResistance pull) {
    return switch (pull) {
      case PULL_UP -> LineRequest.Bias.PULL_UP;
      case PULL_DOWN -> LineRequest.Bias.PULL_DOWN;
      case OFF -> LineRequest.Bias.NONE;
    };
  }
}
