package chargepile.agent.energy;

import static chargepile.agent.energy.MeterSettings.CLASS_A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PulseNotice.LostEdges;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.NoiseReason;
import chargepile.agent.energy.PulseNotice.OverPower;
import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.energy.PulseNotice.TimeBackwards;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PulseCounterTest {
  /** Pulse and pause of 30 ms, 3 ms of bounce; at 22 kW pulses come every 163.6 ms. */
  private static final MeterSettings METER = MeterSettings.s0(1000, 22_000);

  private static final int SPACING = 163_637;

  @Test
  void aPulseIsToldAtItsEndWithItsEnergy() {
    assertEquals(
        List.of(new Pulse(31_000_000, 1_000_000, new MilliWattHours(1000))),
        new Edges().hold(1000).pulse(30_000).count(METER));
  }

  @Property(tries = 200)
  void everyLegalTrainCountsExactly(
      @ForAll @Size(max = 50) List<@IntRange(min = 30_000, max = 90_000) Integer> widths,
      @ForAll @IntRange(min = SPACING, max = 2_000_000) int spacing) {
    Edges edges = new Edges();
    widths.forEach(width -> edges.pulse(width).hold(spacing - width));
    assertEquals(widths.size(), edges.pulses(METER));
    assertEquals(widths.size(), edges.count(METER).size(), "nothing but pulses");
  }

  @Property(tries = 500)
  void bounceWithinTheSettleTimeNeitherLosesNorDoublesAPulse(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 1000) Integer> before,
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 1000) Integer> after,
      @ForAll @IntRange(min = 30_000, max = 90_000) int width) {
    Edges edges = new Edges();
    for (int n = 0; n < 3; n++) {
      edges.chatter(settling(before)).on().hold(width).off().chatter(settling(after));
      edges.hold(SPACING);
    }
    assertEquals(3, edges.pulses(METER));
    assertEquals(3, edges.count(METER).size(), "bounce is no noise");
  }

  @Property(tries = 200)
  void spikesNeverCount(
      @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 29_999) Integer> widths,
      @ForAll @IntRange(min = 3_000, max = 500_000) int pause) {
    Edges edges = new Edges();
    widths.forEach(width -> edges.pulse(width).hold(pause));
    assertEquals(0, edges.pulses(METER));
    assertEquals(
        Math.max(0, widths.size() - 1),
        edges.on().count(METER).stream().filter(PulseCounterTest::isTooShort).count()
            - (widths.isEmpty() ? 0 : 1),
        "each is told");
  }

  @Property(tries = 200)
  void spikesBetweenPulsesDontDisturbThem(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 20_000) Integer> widths) {
    Edges edges = new Edges();
    for (int width : widths) {
      edges.pulse(40_000).hold(40_000).pulse(width).hold(SPACING);
    }
    assertEquals(widths.size(), edges.pulses(METER));
  }

  @Property(tries = 500)
  void noLineWhatsoeverYieldsMoreThanRatedPowerAndATenth(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 60_000) Integer> phases,
      @ForAll @Size(max = 5) List<@IntRange(min = 0, max = 199) Integer> losses) {
    Edges edges = new Edges();
    long micros = 0;
    for (int i = 0; i < phases.size(); i++) {
      if (losses.contains(i)) {
        edges.lose(1 + i % 3);
      }
      edges.chatter(List.of(phases.get(i)));
      micros += phases.get(i);
    }
    long closest = METER.minimumSpacingNanos();
    assertTrue(edges.pulses(METER) <= 1 + micros * 1000 / closest);
  }

  @Test
  void fastInterferenceIsNoPulseHoweverLongItLasts() {
    Edges edges = new Edges();
    for (int i = 0; i < 100; i++) {
      edges.pulse(1000).hold(1000);
    }
    assertEquals(
        List.of(NoiseReason.CHATTER), reasons(edges.hold(SPACING).pulse(40_000).count(METER)));
    assertEquals(1, edges.pulses(METER));
  }

  @Test
  void aPulseAfterTooShortAPauseIsNoise() {
    Edges edges = new Edges().pulse(40_000).hold(20_000).pulse(40_000);
    assertEquals(List.of(NoiseReason.PAUSE_TOO_SHORT), reasons(edges.count(METER)));
    assertEquals(1, edges.pulses(METER));
  }

  @Test
  void aPulseAfterThePausesMinimumCounts() {
    assertEquals(
        2, new Edges().pulse(134_000).hold(30_000).pulse(30_000).pulses(METER), "30 ms of pause");
    assertEquals(
        List.of(NoiseReason.PAUSE_TOO_SHORT),
        reasons(new Edges().pulse(134_000).hold(29_999).pulse(30_000).count(METER)));
  }

  @Test
  void aPulseAsEarlyAsATenthAboveRatedPowerAllowsCounts() {
    // 36 kW and a tenth: 90.909090 ms, in whole nanoseconds.
    MeterSettings meter =
        new MeterSettings(1000, CLASS_A, CLASS_A, 36_000, MeterSettings.DEFAULT_BOUNCE);
    assertEquals(90_909_090, meter.minimumSpacingNanos());
    assertEquals(2, pulsesApart(meter, 90_909_090));
    assertEquals(1, pulsesApart(meter, 90_909_089));
  }

  private static long pulsesApart(MeterSettings meter, long nanos) {
    PulseCounter counter = PulseCounter.start(meter);
    long pulses = 0;
    for (int n = 0; n < 2; n++) {
      Counted up = counter.on(new EdgeReading(Direction.IMPORT, true, n * nanos, 2 * n + 1));
      Counted down =
          up.next().on(new EdgeReading(Direction.IMPORT, false, n * nanos + 40_000_000, 2 * n + 2));
      pulses += up.pulses() + down.pulses();
      counter = down.next();
    }
    return pulses;
  }

  @Test
  void aPulseMayBeOffForAQuarterOfItsWidthWhereContactsBounce() {
    // Each gap is shorter than the 3 ms of bounce; together they may be 10 ms of 40.
    assertEquals(1, gapped(2_500).pulses(METER));
    assertEquals(0, gapped(2_501).pulses(METER));
    assertEquals(
        List.of(NoiseReason.CHATTER), reasons(gapped(2_501).hold(SPACING).on().count(METER)));
  }

  private static Edges gapped(int gap) {
    Edges edges = new Edges();
    for (int n = 0; n < 4; n++) {
      edges.pulse(5_000).hold(gap);
    }
    return edges.pulse(40_000 - 4 * (5_000 + gap));
  }

  @Test
  void bounceAfterACountedPulseBelongsToIt() {
    Edges edges = new Edges().pulse(60_000).hold(1_000).pulse(1_000).hold(SPACING).pulse(60_000);
    assertEquals(2, edges.pulses(METER));
    assertEquals(2, edges.count(METER).size(), "no noise");
    assertEquals(
        List.of(NoiseReason.PAUSE_TOO_SHORT),
        reasons(
            new Edges()
                .pulse(140_000)
                .hold(2_000)
                .pulse(2_000)
                .hold(29_000)
                .pulse(60_000)
                .count(METER)),
        "and the pause is counted from its end");
  }

  @Test
  void aSettleTimeIsOverWhenItHasPassed() {
    assertEquals(
        List.of(NoiseReason.TOO_SHORT),
        reasons(new Edges().pulse(20_000).hold(3_000).pulse(20_000).count(METER)));
    assertEquals(1, new Edges().pulse(20_000).hold(2_999).pulse(20_000).pulses(METER));
  }

  @Test
  void aFallThatWasNotAwaitedIsToldAndTheNextPulseWaitsForAPause() {
    Edges edges = new Edges().off().hold(29_999).pulse(40_000).hold(SPACING).pulse(40_000);
    assertEquals(List.of(NoiseReason.UNSEEN_EDGE), reasons(edges.count(METER)));
    assertEquals(1, edges.pulses(METER), "the first pulse may have begun before");
    assertEquals(1, new Edges().off().hold(30_000).pulse(40_000).pulses(METER));
  }

  @Test
  void aRepeatedFallAfterASpikeIsToldWithIt() {
    Edges edges = new Edges().pulse(10_000).hold(10_000).off();
    assertEquals(
        List.of(NoiseReason.TOO_SHORT, NoiseReason.UNSEEN_EDGE), reasons(edges.count(METER)));
    Edges settling = new Edges().pulse(10_000).hold(1_000).off();
    assertEquals(List.of(), reasons(settling.count(METER)), "within the settle time it is bounce");
  }

  @Test
  void overPowerIsRefusedAndToldWhenItLasts() {
    Edges edges = new Edges();
    for (int n = 0; n < 5; n++) {
      edges.pulse(40_000).hold(60_000);
    }
    List<PulseNotice> notices = edges.count(METER);
    assertEquals(
        List.of(0L, 200_000_000L, 400_000_000L),
        notices.stream()
            .filter(Pulse.class::isInstance)
            .map(notice -> ((Pulse) notice).startNanos())
            .toList(),
        "every second pulse keeps within rated power");
    assertEquals(
        List.of(new OverPower(340_000_000, 36_000), new OverPower(440_000_000, 36_000)),
        notices.stream().filter(OverPower.class::isInstance).toList());
  }

  @Test
  void aTenthAboveRatedPowerIsNoFault() {
    Edges edges = new Edges();
    for (int n = 0; n < 10; n++) {
      edges.pulse(40_000).hold(SPACING * 10 / 11 + 1 - 40_000);
    }
    assertEquals(10, edges.count(METER).size());
    assertEquals(10, edges.pulses(METER));
  }

  @Test
  void aPulseWhoseEndWasLostIsNotCountedNorTheOneAfter() {
    Edges edges = new Edges().on().hold(40_000).lose(1).hold(SPACING);
    edges.pulse(40_000).hold(SPACING).pulse(40_000);
    assertEquals(
        List.of(new LostEdges(203_637_000, 1)),
        edges.count(METER).stream().filter(LostEdges.class::isInstance).toList());
    assertEquals(1, edges.pulses(METER));
  }

  @Test
  void aPulseWhoseBeginningWasLostIsNotCountedButTheOneAfterIs() {
    Edges edges = new Edges().lose(1).hold(40_000).off().hold(SPACING);
    assertEquals(0, edges.pulses(METER), "a fall without a rise");
    assertEquals(1, edges.pulse(40_000).pulses(METER));
  }

  @Property(tries = 300)
  void lostEdgesNeverAddEnergy(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 0, max = 59) Integer> lost) {
    Edges edges = new Edges();
    for (int edge = 0; edge < 60; edge++) {
      if (lost.contains(edge)) {
        edges.lose(1);
      } else {
        edges.to(edge % 2 == 0);
      }
      edges.hold(edge % 2 == 0 ? 40_000 : SPACING);
    }
    long distinct = lost.stream().distinct().count();
    long counted = edges.pulses(METER);
    assertTrue(counted <= 30, "counted " + counted);
    assertTrue(counted >= 30 - 2 * distinct, "counted " + counted);
  }

  @Test
  void numbersThatRunBackwardsAreAFreshInput() {
    List<PulseNotice> notices =
        new Edges()
            .sequence(100)
            .pulse(40_000)
            .hold(SPACING)
            .sequence(1)
            .pulse(40_000)
            .hold(SPACING)
            .pulse(40_000)
            .count(METER);
    assertEquals(
        List.of(new LostEdges(203_637_000, 0)),
        notices.stream().filter(LostEdges.class::isInstance).toList());
    assertEquals(2, notices.stream().filter(Pulse.class::isInstance).count());
  }

  @Test
  void timeThatRunsBackwardsIsToldAndCountingGoesOn() {
    Edges edges = new Edges().hold(9_000_000).pulse(40_000).hold(-8_000_000);
    edges.pulse(40_000).hold(SPACING).pulse(40_000).hold(SPACING).pulse(40_000);
    List<PulseNotice> notices = edges.count(METER);
    assertEquals(
        List.of(new TimeBackwards(1_040_000_000, 9_040_000_000L)),
        notices.stream().filter(TimeBackwards.class::isInstance).toList());
    assertEquals(3, edges.pulses(METER), "the one before and the two after");
  }

  @Test
  void aRepeatedRiseCannotStretchASpikeToAPulse() {
    Edges edges = new Edges().on().hold(40_000).on().hold(10_000).off();
    assertEquals(List.of(NoiseReason.UNSEEN_EDGE), reasons(edges.count(METER)));
    assertEquals(0, edges.pulses(METER));
  }

  @Test
  void energyOfThePulsesAddsUpWithoutDrift() {
    MeterSettings thirds = MeterSettings.s0(3000, 11_000);
    Edges edges = new Edges();
    for (int n = 0; n < 7; n++) {
      edges.pulse(40_000).hold(SPACING);
    }
    assertEquals(
        7_000_000 / 3000,
        edges.count(thirds).stream()
            .mapToLong(notice -> notice instanceof Pulse pulse ? pulse.energy().value() : 0)
            .sum());
  }

  private static boolean isTooShort(PulseNotice notice) {
    return notice instanceof Noise noise && noise.reason() == NoiseReason.TOO_SHORT;
  }

  private static List<NoiseReason> reasons(List<PulseNotice> notices) {
    return notices.stream()
        .filter(Noise.class::isInstance)
        .map(notice -> ((Noise) notice).reason())
        .toList();
  }

  /** As many pairs of phases, on and off or off and on, as fit into the settle time. */
  private static List<Integer> settling(List<Integer> phases) {
    int fit = 0;
    int micros = 0;
    while (fit + 1 < phases.size() && micros + phases.get(fit) + phases.get(fit + 1) < 3000) {
      micros += phases.get(fit) + phases.get(fit + 1);
      fit += 2;
    }
    return phases.subList(0, fit);
  }
}
