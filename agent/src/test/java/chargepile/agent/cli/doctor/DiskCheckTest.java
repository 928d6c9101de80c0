package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Room, permissions, and how worn the medium is. */
class DiskCheckTest {
  private List<Finding> judge(long usable, Optional<String> problem, boolean readOnly) {
    Path folder = Path.of("/data");
    return DiskCheck.judge(
        new DiskCheck.Seen(folder, false, folder, usable, readOnly, problem, false), "pi");
  }

  @Test
  void enoughRoomInAFolderThatTakesItIsFine() {
    List<Finding> findings = judge(DiskCheck.ENOUGH, Optional.empty(), false);
    assertFinding(OK, "takes and syncs", findings.getFirst());
    assertFinding(OK, "200 MB free", findings.getLast());
  }

  @Test
  void littleRoomIsWarnedOfAndThenFails() {
    assertFinding(WARN, "free", judge(DiskCheck.ENOUGH - 1, Optional.empty(), false).getLast());
    assertFinding(WARN, "free", judge(DiskCheck.LITTLE, Optional.empty(), false).getLast());
    assertFinding(FAIL, "free", judge(DiskCheck.LITTLE - 1, Optional.empty(), false).getLast());
  }

  @Test
  void aReadOnlyDiskAndAForbiddenFolderHaveTheirOwnAdvice() {
    Finding readOnly = judge(DiskCheck.ENOUGH, Optional.of("ro"), true).getFirst();
    assertFinding(FAIL, "can't be written by pi", readOnly);
    assertTrue(readOnly.advice().contains("dmesg"), readOnly.advice());
    Finding denied = judge(DiskCheck.ENOUGH, Optional.of("denied"), false).getFirst();
    assertTrue(denied.advice().contains("sudo -u chargepile"), denied.advice());
  }

  @Test
  void aFolderOpenToOthersIsWarnedOf() {
    Path folder = Path.of("/data");
    var seen =
        new DiskCheck.Seen(folder, false, folder, DiskCheck.ENOUGH, false, Optional.empty(), true);
    assertFinding(WARN, "open to other users", DiskCheck.judge(seen, "pi").getLast());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, SKIPPED, does not say",
    "1, 1, OK, 0 to 10 % of its life used",
    "8, 1, OK, 70 to 80 %",
    "9, 1, WARN, 80 to 90 %",
    "10, 1, WARN, 90 to 100 %",
    "11, 1, FAIL, past the end",
    "1, 2, WARN, few spare blocks",
    "1, 3, FAIL, almost no spare blocks",
    "0, 1, OK, spare blocks enough",
  })
  void aMediumSaysHowWornItIs(int life, int reserve, Verdict verdict, String what) {
    Mount mount = new Mount("179:2", Path.of("/"), false, "ext4", "/dev/mmcblk0p2");
    assertFinding(
        verdict,
        what,
        MediumCheck.judge(mount, Optional.of(new MediumCheck.Health("mmcblk0", life, reserve))));
  }

  @Test
  void whereThereIsNoDiskNothingIsSaid() {
    Mount mount = new Mount("0:4", Path.of("/run"), false, "tmpfs", "tmpfs");
    assertFinding(SKIPPED, "/run (tmpfs)", MediumCheck.judge(mount, Optional.empty()));
  }
}
