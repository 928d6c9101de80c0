package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When certificates end, and whose names they bear. */
class CertificateCheckTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private Finding date(Duration untilIn) {
    return CertificateCheck.date(
        new ShownCertificate("it", NOW.minusSeconds(1), NOW.plus(untilIn), List.of()), NOW);
  }

  @Test
  void oneThatHoldsForThirtyDaysIsFine() {
    assertFinding(OK, "holds until", date(Duration.ofDays(30)));
  }

  @Test
  void oneThatExpiresBeforeIsWarnedOf() {
    assertFinding(WARN, "expires in 29 days", date(Duration.ofDays(30).minusSeconds(1)));
    assertFinding(WARN, "expires in 0 days", date(Duration.ofSeconds(1)));
  }

  @Test
  void oneThatHasExpiredFails() {
    assertFinding(FAIL, "expired at", date(Duration.ZERO));
  }

  @Test
  void oneThatBeginsLaterFails() {
    ShownCertificate future =
        new ShownCertificate("it", NOW.plusSeconds(1), NOW.plusSeconds(2), List.of());
    assertFinding(FAIL, "later than now", CertificateCheck.date(future, NOW));
  }

  @ParameterizedTest
  @CsvSource({
    "broker.example, broker.example, true",
    "Broker.example, broker.EXAMPLE, true",
    "*.example, broker.example, true",
    "*.example, a.broker.example, false",
    "*.example, example, false",
    "192.168.1.5, 192.168.1.5, true",
    "broker.example, other.example, false",
  })
  void namesAreComparedAsTlsDoes(String name, String host, boolean same) {
    ShownCertificate shown = new ShownCertificate("it", NOW, NOW, List.of("x", name));
    assertEquals(same, CertificateCheck.name(shown, host).isEmpty());
    assertEquals(same, shown.isFor(host));
  }

  @Test
  void noTlsIsFineOnThisMachineOnly() {
    assertFinding(SKIPPED, "without TLS", CertificateCheck.unencrypted("tcp://localhost", true));
    assertFinding(WARN, "not encrypted", CertificateCheck.unencrypted("tcp://far", false));
  }
}
