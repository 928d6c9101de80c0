package chargepile.hal.gpio;

import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.Register;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the meter's pulse lines alone, for a while. The contactor's line is not touched, so
 * what is heard flows without its being closed.
 *
 * @param register whose line it is
 * @param bcm its pin
 * @param conducts whether the meter's output conducted at the first moment: between pulses an open
 *     collector rests at the pull-up's level
 * @param edges in the order in which they came
 */
public record PulseListening(Register register, int bcm, boolean conducts, List<Edge> edges) {
  /** As {@link PiHardware} asks for. */
  private static final int BUFFER = 1024;

  public PulseListening {
    edges = List.copyOf(edges);
  }

  /**
   * Takes the pulse lines, and gives them back.
   *
   * @throws HardwareException when the chip or a line can't be had, or a line is lost
   * @throws InterruptedException when it shall end before
   */
  public static List<PulseListening> listen(PinLayout layout, Duration time)
      throws InterruptedException {
    return listen(layout, time, new LinuxKernel());
  }

  static List<PulseListening> listen(PinLayout layout, Duration time, Kernel kernel)
      throws InterruptedException {
    Deque<AutoCloseable> open = new ArrayDeque<>();
    BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    List<Ear> ears = new ArrayList<>();
    try {
      Chip chip = ChipFinder.find(kernel, layout.chip());
      open.push(chip);
      LineReader reader = new LineReader(kernel);
      open.push(reader);
      add(ears, chip, layout.importPulses(), Register.IMPORT, open);
      add(ears, chip, layout.exportPulses(), Register.EXPORT, open);
      ears.forEach(ear -> reader.watch(ear.line, ear::hear));
      reader.start(failures::add);
      String failure = failures.poll(time.toNanos(), TimeUnit.NANOSECONDS);
      reader.close();
      if (failure != null) {
        throw new HardwareException(failure);
      }
    } finally {
      closeAll(open);
    }
    return ears.stream().map(Ear::heard).toList();
  }

  private static void add(
      List<Ear> ears, Chip chip, @Nullable Pin pin, Register register, Deque<AutoCloseable> open) {
    if (pin == null) {
      return;
    }
    LineRequest.Bias bias = pin.activeLow() ? LineRequest.Bias.PULL_UP : LineRequest.Bias.PULL_DOWN;
    Line line = chip.request(new LineRequest.Input(pin.bcm(), "doctor", bias, 0, BUFFER));
    open.push(line);
    ears.add(new Ear(register, pin, line, line.high() != pin.activeLow()));
  }

  private static void closeAll(Deque<AutoCloseable> open) {
    HardwareException problem = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (problem == null) {
          problem = new HardwareException("cannot give the pulse lines back: " + e.getMessage(), e);
        } else {
          problem.addSuppressed(e);
        }
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  /** One line, and what came from it so far. */
  private static final class Ear {
    private final Register register;
    private final Pin pin;
    private final Line line;
    private final boolean conducts;
    private final List<Edge> edges = new ArrayList<>();

    Ear(Register register, Pin pin, Line line, boolean conducts) {
      this.register = register;
      this.pin = pin;
      this.line = line;
      this.conducts = conducts;
    }

    synchronized void hear(LineEvent event) {
      edges.add(
          new Edge(
              register,
              event.rising() != pin.activeLow(),
              event.timestampNanos(),
              event.sequence()));
    }

    synchronized PulseListening heard() {
      return new PulseListening(register, pin.bcm(), conducts, edges);
    }
  }
}
