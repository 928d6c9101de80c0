package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingTest {
  @Test
  void itIsOneLine() {
    assertEquals("a b", Finding.ok("a \n  b\n").what());
  }

  @Test
  void aMissingNativeLibraryIsWarnedOf() {
    assertFinding(
        Verdict.OK, "libsecp256k1", VersionCheck.judge("it", "libsecp256k1", Optional.empty()));
    assertFinding(
        Verdict.WARN, "slower: no", VersionCheck.judge("it", "Bouncy Castle", Optional.of("no")));
  }
}
