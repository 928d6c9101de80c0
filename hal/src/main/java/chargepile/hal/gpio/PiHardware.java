package chargepile.hal.gpio;

import chargepile.hal.Contactor;
import chargepile.hal.FailureNotice;
import chargepile.hal.HardwareException;
import chargepile.hal.HeatSensor;
import chargepile.hal.PileHardware;
import chargepile.hal.PlugSensor;
import chargepile.hal.PulseInput;
import chargepile.hal.Register;
import chargepile.hal.StatusLight;
import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pile on the pin header of a Raspberry Pi. The contactor is open from the first moment and is
 * released when the virtual machine ends, whoever ends it, and when pulses, plug or heat cannot be
 * read any more.
 */
public final class PiHardware implements PileHardware {
  private static final Logger LOG = LoggerFactory.getLogger(PiHardware.class);

  /** Contacts bounce for some milliseconds; pulses are never debounced in the kernel. */
  private static final Duration CONTACT_DEBOUNCE = Duration.ofMillis(50);

  /** What to close, the last opened first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final Context pi4j;
  private final PulseInput pulses;
  private final GpioContactor contactor;
  private final PlugSensor plug;
  private final HeatSensor heat;
  private final StatusLight light;
  private final FailureNotice failure = new FailureNotice();

  /** Releases the contactor for good when the virtual machine ends. */
  final Thread lastResort;

  /**
   * Takes the pins.
   *
   * @throws HardwareException when the chip or a pin cannot be had; nothing stays taken then
   */
  public static PiHardware open(PinLayout layout) {
    return open(layout, new LinuxKernel());
  }

  static PiHardware open(PinLayout layout, Kernel kernel) {
    return new PiHardware(layout, kernel);
  }

  private PiHardware(PinLayout layout, Kernel kernel) {
    try {
      Chip chip = opened(ChipFinder.find(kernel, layout.chip()));
      LineReader reader = opened(new LineReader(kernel));
      pi4j =
          Pi4J.newContextBuilder()
              .noAutoDetect()
              .disableShutdownHook()
              .add(new ChipDigitalInputProvider(chip, reader), new ChipDigitalOutputProvider(chip))
              .build();
      open.push(pi4j::shutdown);

      DigitalOutput coil = output(layout.contactor(), "contactor");
      Pin readback = layout.contactorReadback();
      DigitalInput auxiliary =
          readback == null ? null : input(readback, "contactor readback", CONTACT_DEBOUNCE);
      contactor = opened(new GpioContactor(coil, auxiliary));

      Map<Register, ChipDigitalInput> pulseInputs = new EnumMap<>(Register.class);
      pulseInputs.put(
          Register.IMPORT, input(layout.importPulses(), "import pulses", Duration.ZERO));
      Pin export = layout.exportPulses();
      if (export != null) {
        pulseInputs.put(Register.EXPORT, input(export, "export pulses", Duration.ZERO));
      }
      pulses = new GpioPulseInput(pulseInputs);
      plug = new GpioPlugSensor(input(layout.plug(), "plug", CONTACT_DEBOUNCE));
      heat = heat(layout.overTemperature());
      light = light(layout.light());
      reader.start(this::failed);
      LOG.info("GPIO on {}", chip);
    } catch (RuntimeException e) {
      closeAll(e);
      throw e;
    }
    lastResort = new Thread(contactor::releaseForGood, "release-contactor");
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  @Override
  public PulseInput pulses() {
    return pulses;
  }

  @Override
  public Contactor contactor() {
    return contactor;
  }

  @Override
  public PlugSensor plug() {
    return plug;
  }

  @Override
  public HeatSensor heat() {
    return heat;
  }

  @Override
  public StatusLight light() {
    return light;
  }

  @Override
  public void onFailure(Consumer<String> listener) {
    failure.listen(listener);
  }

  @Override
  public void close() {
    RuntimeException problem = null;
    try {
      contactor.close();
    } catch (RuntimeException e) {
      problem = e;
    }
    problem = closeAll(problem);
    try {
      Runtime.getRuntime().removeShutdownHook(lastResort);
    } catch (IllegalStateException e) {
      LOG.debug("closed by the shutdown of the virtual machine");
    }
    if (problem != null) {
      throw problem;
    }
  }

  /** Nothing can be metered any more: the contactor opens before anybody is told. */
  private void failed(String what) {
    String outcome;
    try {
      contactor.fail();
      outcome = "the contactor was opened and stays open; look into the kernel's log, mend it and";
    } catch (RuntimeException e) {
      LOG.error("cannot open the contactor", e);
      outcome = "and the contactor cannot be opened: disconnect the pile from the grid, then";
    }
    failure.tell("%s; %s restart the agent".formatted(what, outcome));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  /** Closes everything, whatever fails; further failures join the first. */
  private @Nullable RuntimeException closeAll(@Nullable RuntimeException first) {
    RuntimeException problem = first;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (problem == null) {
          problem = new HardwareException("cannot close the hardware: " + e.getMessage(), e);
        } else {
          problem.addSuppressed(e);
        }
      }
    }
    return problem;
  }

  /** A contact that switches the input on when it closes. */
  private ChipDigitalInput input(Pin pin, String use, Duration debounce) {
    return input(
        pin, use, debounce, pin.activeLow() ? PullResistance.PULL_UP : PullResistance.PULL_DOWN);
  }

  private ChipDigitalInput input(Pin pin, String use, Duration debounce, PullResistance pull) {
    DigitalInputConfig config =
        DigitalInput.newConfigBuilder(pi4j)
            .id(id(use))
            .name(use)
            .address(pin.bcm())
            .provider(ChipDigitalInputProvider.ID)
            .pull(pull)
            .debounce(debounce.toNanos() / 1000)
            .onState(onState(pin))
            .build();
    return (ChipDigitalInput) pi4j.create(config);
  }

  /** An output that is off from the first moment, and again at shutdown. */
  private DigitalOutput output(Pin pin, String use) {
    DigitalState off = DigitalState.getInverseState(onState(pin));
    DigitalOutputConfig config =
        DigitalOutput.newConfigBuilder(pi4j)
            .id(id(use))
            .name(use)
            .address(pin.bcm())
            .provider(ChipDigitalOutputProvider.ID)
            .onState(onState(pin))
            .initial(off)
            .shutdown(off)
            .build();
    return pi4j.create(config);
  }

  private static String id(String use) {
    return "chargepile-" + use.replace(' ', '-');
  }

  private static DigitalState onState(Pin pin) {
    return pin.activeLow() ? DigitalState.LOW : DigitalState.HIGH;
  }

  /** A contact that opens when it is too hot: the pull is towards on, so a broken wire is too. */
  private HeatSensor heat(@Nullable Pin pin) {
    return pin == null
        ? HeatSensor.NONE
        : new GpioHeatSensor(
            input(
                pin,
                "over-temperature",
                CONTACT_DEBOUNCE,
                pin.activeLow() ? PullResistance.PULL_DOWN : PullResistance.PULL_UP));
  }

  private StatusLight light(@Nullable Pin pin) {
    return pin == null ? dark -> {} : opened(new BlinkingLight(output(pin, "light")));
  }
}
