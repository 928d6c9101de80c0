package chargepile.agent.cli.doctor;

import chargepile.agent.cli.run.Hardware;
import chargepile.agent.config.GpioSettings;
import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PulseListening;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Listens to the meter while nobody closes the contactor: what comes now flows past it. The
 * contactor's own line is left alone.
 */
final class MeterCheck implements Check {
  private static final Duration MORE = Duration.ofSeconds(10);

  private final Subject subject;
  private final Duration time;

  MeterCheck(Subject subject, Duration time) {
    this.subject = subject;
    this.time = time;
  }

  @Override
  public String name() {
    return "meter";
  }

  @Override
  public Duration limit() {
    return time.plus(MORE);
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    GpioSettings gpio = subject.config().gpio();
    if (gpio.backend() == GpioSettings.Backend.SIMULATED) {
      return List.of(Finding.skipped("gpio.backend is \"simulated\": there is no meter"));
    }
    if (subject.daemon().isPresent()) {
      return List.of(
          Finding.skipped(
              "the daemon at work listens to it, and says on the topic fault what is wrong"));
    }
    if (time.isZero()) {
      return List.of(Finding.skipped("not listened to: --listen 0"));
    }
    try {
      return PulseListening.listen(Hardware.layout(gpio), time).stream()
          .map(heard -> judge(heard, time, subject.config().meter().minimumPulse()))
          .toList();
    } catch (HardwareException e) {
      return List.of(Finding.skipped("its lines can't be had: see gpio"));
    }
  }

  static Finding judge(PulseListening heard, Duration time, Duration shortest) {
    String line =
        "GPIO %d (%s)".formatted(heard.bcm(), heard.register().name().toLowerCase(Locale.ROOT));
    int pulses = pulses(heard.edges(), shortest);
    if (pulses > 0) {
      return Finding.fail(
          "%s: %d pulses in %d s although nobody closes the contactor"
              .formatted(line, pulses, time.toSeconds()),
          "chargepile open-contactor, and listen again; if they go on, the contactor is welded or"
              + " the meter measures something else too: disconnect the pile from the grid");
    }
    if (!heard.edges().isEmpty()) {
      return Finding.warn(
          "%s: %d changes in %d s, none as long as a pulse of %d ms"
              .formatted(line, heard.edges().size(), time.toSeconds(), shortest.toMillis()),
          "they are never taken for energy; look for a loose wire, lay it away from the mains and"
              + " shield it, and see meter.minimum_pulse_ms");
    }
    if (heard.conducts()) {
      return Finding.fail(
          "%s: the meter's output conducts all the time".formatted(line),
          "turn its two wires (S0+ to the pin, S0- to ground), and look for a short circuit: no"
              + " pulse can be counted so");
    }
    return Finding.ok(
        "%s: rests at the pull-up's level, no pulse in %d s".formatted(line, time.toSeconds()));
  }

  /** How often the output conducted for as long as a pulse lasts. */
  private static int pulses(List<Edge> edges, Duration shortest) {
    int pulses = 0;
    for (int i = 1; i < edges.size(); i++) {
      Edge on = edges.get(i - 1);
      Edge off = edges.get(i);
      if (on.active()
          && !off.active()
          && off.timestampNanos() - on.timestampNanos() >= shortest.toNanos()) {
        pulses++;
      }
    }
    return pulses;
  }
}
