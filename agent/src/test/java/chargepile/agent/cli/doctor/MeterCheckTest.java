package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import chargepile.hal.gpio.PulseListening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is heard while nobody closes the contactor. */
class MeterCheckTest {
  private static final Duration SHORTEST = Duration.ofMillis(27);

  private Finding judge(boolean conducts, long... pulsesMillis) {
    List<Edge> edges = new ArrayList<>();
    long at = 1_000_000_000;
    for (long pulse : pulsesMillis) {
      edges.add(new Edge(Register.IMPORT, true, at, edges.size() + 1));
      at += pulse * 1_000_000;
      edges.add(new Edge(Register.IMPORT, false, at, edges.size() + 1));
      at += 50_000_000;
    }
    return MeterCheck.judge(
        new PulseListening(Register.IMPORT, 17, conducts, edges), Duration.ofSeconds(5), SHORTEST);
  }

  @Test
  void silenceAtThePullUpsLevelIsFine() {
    assertFinding(OK, "no pulse in 5 s", judge(false));
  }

  @Test
  void aPulseMeansAWeldedContactor() {
    Finding finding = judge(false, 3, 27);
    assertFinding(FAIL, "1 pulses in 5 s although nobody closes the contactor", finding);
    assertTrue(finding.advice().contains("welded"), finding.advice());
  }

  @Test
  void shortChangesAreNoise() {
    assertFinding(WARN, "4 changes", judge(false, 26, 3));
  }

  @Test
  void anOutputThatAlwaysConductsIsWiredWrong() {
    assertFinding(FAIL, "conducts all the time", judge(true));
  }
}
