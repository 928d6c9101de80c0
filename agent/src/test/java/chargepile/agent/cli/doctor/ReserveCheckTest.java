package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.units.Satoshi;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the wallet must hold. */
class ReserveCheckTest {
  private final FeeReserve reserve = new FeeReserve(new Satoshi(50_000));

  private Finding judge(long held, int channels) {
    return ReserveCheck.judge(reserve, new Satoshi(held), Optional.of(channels));
  }

  @Test
  void enoughForEveryChannelIsFine() {
    assertFinding(OK, "kept for 2 channels: 100 000 sat", judge(100_000, 2));
  }

  @Test
  void lessFails() {
    Finding finding = judge(99_999, 2);
    assertFinding(FAIL, "should keep 100 000 sat", finding);
    assertTrue(finding.advice().startsWith("pay 1 sat"), finding.advice());
  }

  @Test
  void withoutChannelsLessThanOneNeedsIsAWarning() {
    assertFinding(OK, "kept for 0 channels", judge(50_000, 0));
    assertFinding(WARN, "less than the 50 000 sat", judge(49_999, 0));
  }

  @Test
  void withoutAStoreNothingIsSaid() {
    assertFinding(
        SKIPPED, "how many", ReserveCheck.judge(reserve, new Satoshi(0), Optional.empty()));
  }
}
