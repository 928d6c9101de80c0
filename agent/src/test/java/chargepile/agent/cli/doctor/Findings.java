package chargepile.agent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;

/** What the tests of all checks say of findings. */
final class Findings {
  private Findings() {}

  /** Who is well needs no advice; everybody else gets some. */
  static void assertFinding(Verdict verdict, String what, Finding finding) {
    assertEquals(verdict, finding.verdict(), finding.toString());
    assertTrue(finding.what().contains(what), finding.what());
    assertEquals(
        verdict == Verdict.OK || verdict == Verdict.SKIPPED,
        finding.advice().isEmpty(),
        finding.advice());
  }

  /** The least configuration and what is given. */
  static Config config(String more) {
    try {
      return ConfigFile.parse(
          "c.toml",
          """
          [pile]
          id = "p1"
          [tariff]
          price_msat_per_kwh = 300000
          """
              + more);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }
}
