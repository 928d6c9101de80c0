package chargepile.hal.vm;

import static chargepile.hal.vm.Report.check;
import static chargepile.hal.vm.Report.next;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import chargepile.hal.gpio.PiHardware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Pulses of a meter, through the kernel's edges. */
final class PulseScenarios {
  /** The shortest pulse and pause of IEC 62053-31, class A. */
  private static final Duration S0 = Duration.ofMillis(30);

  private static final int NOISE_TRIES = 5;

  /** What the adapter asks the kernel to keep. */
  private static final int KERNEL_BUFFER = 1024;

  private PulseScenarios() {}

  static String kernelTimeStamps(GpioSim sim) {
    try (PiHardware pile = Pile.open()) {
      BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
      pile.pulses().listen(arrived::add);
      Meter meter = new Meter(sim, Pile.IMPORT);
      List<Edge> edges = new ArrayList<>();
      long latest = 0;
      for (int i = 0; i < 20; i++) {
        meter.edge(i % 2 == 0).hold(Duration.ofMillis(5L + 7 * i));
        Edge edge = next(arrived, "edge " + i);
        Meter.Made made = meter.made().get(i);
        check(edge.active() == made.active(), "edge %d is %s", i, edge);
        check(edge.sequence() == i + 1, "edge %d is %s", i, edge);
        check(
            edge.timestampNanos() >= made.earliestNanos(),
            "edge %d is stamped %d ns before it was made",
            i,
            made.earliestNanos() - edge.timestampNanos());
        latest = Math.max(latest, edge.timestampNanos() - made.earliestNanos());
        check(
            edge.timestampNanos() <= made.latestNanos() + Duration.ofMillis(5L + 7 * i).toNanos(),
            "edge %d is stamped when it was read: %d us late",
            i,
            (edge.timestampNanos() - made.latestNanos()) / 1000);
        edges.add(edge);
      }
      return "20 edges stamped by the kernel within %d us of being made".formatted(latest / 1000);
    }
  }

  static String maximumRate(GpioSim sim) {
    int pulses = 100;
    try (PiHardware pile = Pile.open()) {
      BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
      pile.pulses().listen(arrived::add);
      Meter meter = new Meter(sim, Pile.IMPORT).pulses(pulses, S0, S0);
      List<Edge> edges = take(arrived, 2 * pulses);
      EdgeLog.write("maximum-rate", pulses, 0, 0, edges);
      unbroken(edges);
      long narrowest = Long.MAX_VALUE;
      long longest = 0;
      for (int i = 1; i < edges.size(); i++) {
        long held = edges.get(i).timestampNanos() - edges.get(i - 1).timestampNanos();
        narrowest = Math.min(narrowest, held);
        longest = Math.max(longest, held);
        long most = meter.made().get(i).mostSince(meter.made().get(i - 1));
        check(held <= most + S0.toNanos(), "edge %d: %d us, made within %d", i, held, most);
      }
      long counted = Meter.wideEnough(edges, S0);
      check(counted == pulses, "%d pulses of %d are 30 ms wide", counted, pulses);
      return "%d of %d pulses, held %d to %d us"
          .formatted(counted, pulses, narrowest / 1000, longest / 1000);
    }
  }

  static String bothRegisters(GpioSim sim) {
    int pulses = 40;
    try (PiHardware pile = Pile.open()) {
      BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
      pile.pulses().listen(arrived::add);
      Meter in = new Meter(sim, Pile.IMPORT);
      Meter out = new Meter(sim, Pile.EXPORT);
      for (int i = 0; i < pulses; i++) {
        in.edge(true);
        out.edge(true).hold(S0);
        in.edge(false);
        out.edge(false).hold(S0);
      }
      List<Edge> edges = take(arrived, 4 * pulses);
      for (Register register : Register.values()) {
        List<Edge> own = Meter.of(register, edges);
        unbroken(own);
        long counted = Meter.wideEnough(own, S0);
        check(counted == pulses, "%s: %d pulses of %d", register, counted, pulses);
      }
      return "%d of %d pulses on each of two lines at once".formatted(pulses, pulses);
    }
  }

  static String shortNoise(GpioSim sim) {
    int pulses = 20;
    for (int i = 0; i < NOISE_TRIES; i++) {
      try (PiHardware pile = Pile.open()) {
        BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
        pile.pulses().listen(arrived::add);
        Meter meter = new Meter(sim, Pile.IMPORT);
        for (int pulse = 0; pulse < pulses; pulse++) {
          meter.edge(true).edge(false).hold(S0.multipliedBy(2));
          meter.edge(true).hold(S0).edge(false).hold(S0.multipliedBy(2));
        }
        List<Edge> edges = take(arrived, 4 * pulses);
        unbroken(edges);
        long widest = 0;
        for (int spike = 0; spike < edges.size(); spike += 4) {
          Meter.Made on = meter.made().get(spike);
          widest = Math.max(widest, meter.made().get(spike + 1).mostSince(on));
        }
        if (widest < S0.toNanos()) {
          long counted = Meter.wideEnough(edges, S0);
          check(counted == pulses, "%d pulses where %d were made", counted, pulses);
          EdgeLog.write("short-noise", pulses, pulses, 0, edges);
          return "%d spikes of at most %d us seen and told from %d pulses by width"
              .formatted(pulses, widest / 1000, pulses);
        }
      }
    }
    throw new AssertionError("this machine is too slow for a spike below 30 ms");
  }

  static String lateListener(GpioSim sim) {
    int pulses = 50;
    try (PiHardware pile = Pile.open()) {
      new Meter(sim, Pile.IMPORT).pulses(pulses, Duration.ofMillis(1), Duration.ofMillis(1));
      BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
      pile.pulses().listen(arrived::add);
      List<Edge> edges = take(arrived, 2 * pulses);
      unbroken(edges);
      return "%d edges made before anybody listened came all".formatted(2 * pulses);
    }
  }

  static String lostEdges(GpioSim sim) {
    int before = 5;
    int burst = 700;
    int after = 5;
    try (PiHardware pile = Pile.open()) {
      BlockingQueue<Edge> arrived = new LinkedBlockingQueue<>();
      CountDownLatch stuck = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      pile.pulses()
          .listen(
              edge -> {
                if (edge.sequence() == 2L * before + 1) {
                  stuck.countDown();
                  await(goOn);
                }
                arrived.add(edge);
              });
      Meter meter = new Meter(sim, Pile.IMPORT).pulses(before, S0, S0);
      meter.edge(true);
      await(stuck); // the reader hangs; the kernel's buffer fills and drops the oldest
      meter.edge(false).pulses(burst, Duration.ZERO, Duration.ZERO);
      goOn.countDown();
      meter.hold(S0.multipliedBy(2)).pulses(after, S0, S0);

      List<Edge> edges = new ArrayList<>();
      long last = meter.made().size();
      do {
        edges.add(next(arrived, "edge " + last));
      } while (edges.getLast().sequence() < last);
      long gaps = 0;
      long lost = 0;
      for (int i = 1; i < edges.size(); i++) {
        long jump = edges.get(i).sequence() - edges.get(i - 1).sequence() - 1;
        check(jump >= 0, "%s follows %s", edges.get(i), edges.get(i - 1));
        lost += jump;
        gaps += jump > 0 ? 1 : 0;
      }
      check(lost > 0, "nothing was lost of %d edges", last);
      check(edges.size() + lost == last, "%d came, %d missed of %d", edges.size(), lost, last);
      check(gaps == 1, "%d gaps", gaps);
      check(edges.size() >= KERNEL_BUFFER, "the kernel kept %d only", edges.size());
      EdgeLog.write("lost-edges", before + after, burst, lost, edges);
      return "%d of %d edges lost while the reader hung, all of them told by one jump of the number"
          .formatted(lost, last);
    }
  }

  private static List<Edge> take(BlockingQueue<Edge> arrived, int count) {
    List<Edge> edges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      edges.add(next(arrived, "edge " + (i + 1) + " of " + count));
    }
    check(arrived.isEmpty(), "more edges than were made: %s", arrived);
    return edges;
  }

  private static void unbroken(List<Edge> edges) {
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      check(edge.sequence() == i + 1, "edge %d bears the number %d", i + 1, edge.sequence());
      check(edge.active() == (i % 2 == 0), "edge %d is %s", i + 1, edge);
      check(
          i == 0 || edge.timestampNanos() > edges.get(i - 1).timestampNanos(),
          "edge %d is not later than the one before",
          i + 1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
