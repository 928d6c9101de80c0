package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What systemd says of the daemon. */
class ServiceCheckTest {
  private final Map<String, String> well =
      Map.of(
          "LoadState", "loaded",
          "ActiveState", "active",
          "StatusText", "no session; 1 channel",
          "UnitFileState", "enabled",
          "NRestarts", "0",
          "WatchdogUSec", "30s");

  private List<Finding> with(String name, String value) {
    Map<String, String> changed = new HashMap<>(well);
    changed.put(name, value);
    return ServiceCheck.judge(changed);
  }

  @Test
  void oneThatRunsSaysWhatItDoes() {
    assertEquals(1, ServiceCheck.judge(well).size());
    assertFinding(OK, "runs: no session; 1 channel", ServiceCheck.judge(well).getFirst());
  }

  @Test
  void oneThatFailedOrRestsIsSaid() {
    assertFinding(FAIL, "has failed", with("ActiveState", "failed").getFirst());
    assertFinding(WARN, "does not run", with("ActiveState", "inactive").getFirst());
    assertFinding(WARN, "starting", with("ActiveState", "activating").getFirst());
  }

  @Test
  void noWatchdogNoStartAndRestartsAreWarnedOf() {
    assertFinding(WARN, "no watchdog", with("WatchdogUSec", "0").getLast());
    assertFinding(WARN, "no watchdog", with("WatchdogUSec", "infinity").getLast());
    assertFinding(WARN, "does not start with", with("UnitFileState", "disabled").getLast());
    assertFinding(WARN, "again 3 times", with("NRestarts", "3").getLast());
  }

  @Test
  void withoutTheUnitNothingIsSaid() {
    assertFinding(SKIPPED, "not-found", with("LoadState", "not-found").getFirst());
    assertFinding(SKIPPED, "can't be asked", ServiceCheck.judge(Map.of()).getFirst());
    assertEquals(Map.of("A", "b=c", "D", ""), ServiceCheck.properties("A=b=c\nnonsense\nD=\n"));
  }
}
