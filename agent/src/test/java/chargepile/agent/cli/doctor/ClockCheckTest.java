package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the clock must agree with. */
class ClockCheckTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private Finding judge(
      @Nullable Boolean set,
      @Nullable Duration medianIn,
      @Nullable Duration ahead,
      @Nullable Duration certificateIn) {
    return ClockCheck.judge(
        new ClockCheck.Seen(
            NOW,
            Optional.ofNullable(set),
            Optional.ofNullable(medianIn).map(NOW::plus),
            Optional.ofNullable(ahead),
            Optional.ofNullable(certificateIn).map(NOW::plus)));
  }

  @Test
  void oneThatIsSetAndAgreesIsFine() {
    assertFinding(
        OK,
        "set by a time server; agrees with the chain, the broker's certificate, the chain's"
            + " server",
        judge(true, Duration.ofHours(-1), Duration.ofSeconds(-10), Duration.ofDays(-1)));
  }

  @Test
  void oneThatNobodySetsIsWarnedOf() {
    assertFinding(WARN, "no time server", judge(false, null, null, null));
    assertFinding(SKIPPED, "can't be told", judge(null, null, null, null));
  }

  @Test
  void oneBehindTheChainFails() {
    Duration late = ClockCheck.AHEAD_OF_TIME;
    assertFinding(FAIL, "the chain is at", judge(true, late.plusSeconds(1), null, null));
    assertFinding(OK, "agrees", judge(true, late, null, null));
  }

  @Test
  void oneBeforeTheBrokersCertificateFails() {
    assertFinding(FAIL, "certificate", judge(true, null, null, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void oneApartFromTheServersIsWarnedOfAndThenFails(int sign) {
    Duration tolerated = ClockCheck.TOLERATED.plusSeconds(1).multipliedBy(sign);
    Duration wrong = ClockCheck.WRONG.plusSeconds(1).multipliedBy(sign);
    assertFinding(
        WARN, "11 s " + (sign > 0 ? "ahead" : "behind"), judge(true, null, tolerated, null));
    assertFinding(FAIL, "2 min 1 s", judge(true, null, wrong, null));
  }

  @Test
  void anHttpDateIsRead() {
    assertEquals(
        Optional.of(Instant.parse("1994-11-06T08:49:37Z")),
        RemoteClock.read("Sun, 06 Nov 1994 08:49:37 GMT"));
    assertEquals(Optional.empty(), RemoteClock.read("yesterday"));
  }
}
