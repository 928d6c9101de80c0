package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PulseNotice.LostEdges;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.NoiseReason;
import chargepile.agent.units.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Edges that a Linux kernel stamped and the GPIO adapter read, counted: {@code hal}'s tests record
 * them in their virtual machine, where they make the pulses.
 */
class RecordedEdgesTest {
  private static final Path RECORDINGS = Path.of("../hal/target/gpio-edges");

  /** At its rated power this meter's pulses and pauses are as short as S0 allows. */
  private static final MeterSettings FASTEST = MeterSettings.s0(10_000, 6_000);

  /**
   * @param pulses how many were made, 30 ms or wider
   * @param spikes how many shorter ones
   * @param lost edges that the kernel dropped
   */
  private record Recording(int pulses, int spikes, long lost, List<EdgeReading> edges) {}

  @ParameterizedTest
  @ValueSource(strings = {"maximum-rate", "short-noise", "lost-edges"})
  void everyPulseAndNothingElseIsCounted(String name) throws IOException {
    Recording recording = recording(name);
    PulseCounter counter = PulseCounter.start(FASTEST);
    List<PulseNotice> notices = new ArrayList<>();
    for (EdgeReading edge : recording.edges()) {
      Counted counted = counter.on(edge);
      counter = counted.next();
      notices.addAll(counted.notices());
    }

    assertEquals(recording.pulses(), counter.pulses());
    assertEquals(recording.lost(), lost(notices));
    long tooShort = notices.stream().filter(RecordedEdgesTest::tooShort).count();
    if (recording.lost() == 0) {
      assertEquals(recording.spikes(), tooShort);
      assertEquals(recording.pulses() + recording.spikes(), notices.size(), notices::toString);
    } else {
      assertTrue(recording.spikes() > 0, "the reader was kept busy by spikes");
    }
  }

  private static long lost(List<PulseNotice> notices) {
    return notices.stream()
        .mapToLong(notice -> notice instanceof LostEdges gap ? gap.count() : 0)
        .sum();
  }

  private static boolean tooShort(PulseNotice notice) {
    return notice instanceof Noise noise && noise.reason() == NoiseReason.TOO_SHORT;
  }

  /** {@code recording NAME PULSES SPIKES LOST}, then {@code edge REGISTER ON NANOS NUMBER} each. */
  private static Recording recording(String name) throws IOException {
    Path file = RECORDINGS.resolve(name + ".edges");
    if (!Files.exists(file)) {
      Assumptions.abort(
          "skipped: no " + file + "; hal's hardware tests leave it where they can run");
    }
    List<String[]> lines = Files.readAllLines(file).stream().map(line -> line.split(" ")).toList();
    String[] head = lines.getFirst();
    List<EdgeReading> edges =
        lines.stream()
            .skip(1)
            .map(
                field ->
                    new EdgeReading(
                        Direction.valueOf(field[1]),
                        field[2].equals("1"),
                        Long.parseLong(field[3]),
                        Long.parseLong(field[4])))
            .toList();
    return new Recording(
        Integer.parseInt(head[2]), Integer.parseInt(head[3]), Long.parseLong(head[4]), edges);
  }
}
