package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import chargepile.hal.sim.PowerTrace.Step;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class S0MeterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final BigInteger PICOJOULES_PER_KWH = new BigInteger("3600000000000000000");

  @Test
  void sevenThousandTwoHundredWattsGiveTwoPulsesASecondExactly() {
    S0Meter meter = new S0Meter(1000, Duration.ofMillis(30));
    PowerTrace trace = new PowerTrace(List.of(new Step(2 * SECOND, 7_200_000)));

    assertEquals(
        List.of(
            new Edge(Register.IMPORT, true, 500_000_005L, 1),
            new Edge(Register.IMPORT, false, 530_000_005L, 2),
            new Edge(Register.IMPORT, true, 1_000_000_005L, 3),
            new Edge(Register.IMPORT, false, 1_030_000_005L, 4),
            new Edge(Register.IMPORT, true, 1_500_000_005L, 5),
            new Edge(Register.IMPORT, false, 1_530_000_005L, 6),
            new Edge(Register.IMPORT, true, 2_000_000_005L, 7),
            new Edge(Register.IMPORT, false, 2_030_000_005L, 8)),
        meter.edges(trace, 5).toList());
  }

  @Test
  void exportPulsesComeOnTheirOwnLine() {
    S0Meter meter = new S0Meter(1000, Duration.ofMillis(30));
    PowerTrace trace =
        new PowerTrace(
            List.of(
                new Step(SECOND, 3_600_000), new Step(SECOND, -7_200_000), new Step(SECOND, 0)));

    List<Edge> edges = meter.edges(trace, 0).filter(Edge::active).toList();

    assertEquals(
        List.of(
            new Edge(Register.IMPORT, true, SECOND, 1),
            new Edge(Register.EXPORT, true, 1_500_000_000L, 1),
            new Edge(Register.EXPORT, true, 2 * SECOND, 3)),
        edges);
  }

  @Test
  void aThirdOfAPulsePerSecondDoesNotDrift() {
    S0Meter meter = new S0Meter(1000, Duration.ofMillis(30));
    PowerTrace month =
        new PowerTrace(
            IntStream.range(0, 30 * 24).mapToObj(h -> new Step(3600 * SECOND, 1_234_567)).toList());

    Edge last = meter.edges(month, 0).filter(Edge::active).reduce((a, b) -> b).orElseThrow();

    BigInteger perNano = BigInteger.valueOf(1_234_567L * 1000);
    BigInteger due =
        PICOJOULES_PER_KWH
            .multiply(BigInteger.valueOf((last.sequence() + 1) / 2))
            .add(perNano.subtract(BigInteger.ONE))
            .divide(perNano);
    assertEquals(due.longValueExact(), last.timestampNanos());
  }

  @Test
  void fiftyKilowattHoursAtTenThousandPulsesAreAMillionEdges() {
    PowerTrace trace = PowerTrace.builtIn().scaledToMilliWattHours(50_000_000);

    assertEquals(1_000_000, S0Meter.fitting(10_000, trace).edges(trace, 0).count());
  }

  @Test
  void pulsesNarrowWhereTheRateNeedsIt() {
    PowerTrace fast = new PowerTrace(List.of(new Step(SECOND, 22_000_000)));

    assertEquals(Duration.ofMillis(40), S0Meter.fitting(1000, fast).pulseWidth());
    assertEquals(Duration.ofNanos(5_454_545), S0Meter.fitting(10_000, fast).pulseWidth());
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new S0Meter(10_000, Duration.ofMillis(30)).edges(fast, 0));
    assertEquals(
        "a meter of 10000 imp/kWh with pulses of 30.0 ms cannot signal the trace's peak of 22000 W;"
            + " use fewer imp/kWh, narrower pulses or less bounce",
        e.getMessage());
  }

  @Test
  void figuresThatNoMeterHasAreRefused() {
    Duration width = Duration.ofMillis(30);
    assertThrows(IllegalArgumentException.class, () -> new S0Meter(0, width));
    assertThrows(IllegalArgumentException.class, () -> new S0Meter(100_001, width));
    assertThrows(IllegalArgumentException.class, () -> new S0Meter(1000, Duration.ZERO));
  }

  @Property(tries = 200)
  void pulsesAreTheWholePulsesOfTheIntegral(
      @ForAll("traces") PowerTrace trace, @ForAll @IntRange(min = 1, max = 10_000) int imp) {
    List<Edge> edges = S0Meter.fitting(imp, trace).edges(trace, 0).toList();

    for (Register register : Register.values()) {
      int sign = register == Register.IMPORT ? 1 : -1;
      BigInteger energy =
          trace.steps().stream()
              .filter(step -> Long.signum(step.milliwatts()) == sign)
              .map(
                  step ->
                      BigInteger.valueOf(step.nanos())
                          .multiply(BigInteger.valueOf(Math.abs(step.milliwatts()))))
              .reduce(BigInteger.ZERO, BigInteger::add);
      long expected =
          energy.multiply(BigInteger.valueOf(imp)).divide(PICOJOULES_PER_KWH).longValueExact();
      List<Edge> own = edges.stream().filter(edge -> edge.register() == register).toList();
      assertEquals(expected, own.stream().filter(Edge::active).count());
      for (int i = 0; i < own.size(); i++) {
        assertEquals(i + 1, own.get(i).sequence());
        assertEquals(i % 2 == 0, own.get(i).active());
      }
    }
    for (int i = 1; i < edges.size(); i++) {
      assertTrue(edges.get(i).timestampNanos() >= edges.get(i - 1).timestampNanos());
    }
  }

  @Test
  void aRecordedSessionGivesThePulsesOfItsIntegral() throws IOException {
    String shared = System.getProperty("chargepile.shared");
    Path file = Path.of(shared == null ? "../../shared" : shared, "data", "polestar2-dc.csv");
    if (!Files.exists(file)) {
      Assumptions.abort("skipped: " + file + " not found (set -Dchargepile.shared)");
    }
    PowerTrace trace = PowerTrace.read(file);

    long milliwattSeconds = 0; // W x ms
    List<String> rows = Files.readAllLines(file).stream().skip(1).toList();
    for (int i = 1; i < rows.size(); i++) {
      String[] from = rows.get(i - 1).split(",", 2);
      long millis = millis(rows.get(i).split(",", 2)[0]) - millis(from[0]);
      milliwattSeconds += millis * Long.parseLong(from[1]);
    }

    assertEquals(4794, milliwattSeconds / 3_600_000, "Wh");
    assertEquals(milliwattSeconds / 3600, trace.importMilliWattHours());
    assertEquals(0, trace.exportMilliWattHours());
    assertEquals(4794, S0Meter.fitting(1000, trace).edges(trace, 0).filter(Edge::active).count());
  }

  private static long millis(String seconds) {
    return new BigDecimal(seconds).movePointRight(3).longValueExact();
  }

  @Provide
  Arbitrary<PowerTrace> traces() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.longs().between(1, 120 * SECOND),
                Arbitraries.longs().between(-30_000_000, 30_000_000))
            .as(Step::new);
    return step.list().ofMinSize(1).ofMaxSize(20).map(PowerTrace::new);
  }
}
