package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Findings.config;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How far it came to the broker. */
class BrokerCheckTest {
  private Finding judge(String url, BrokerCheck.Reached reached) {
    return BrokerCheck.judge(
        config("[mqtt]\nbroker_url = \"%s\"\n".formatted(url)).mqtt(), reached, "p1");
  }

  @Test
  void eachStageHasItsAdvice() {
    String plain = "tcp://b.example:1883";
    assertFinding(FAIL, "no host", judge(plain, new BrokerCheck.Reached.Nothing("no host")));
    Finding refused = judge(plain, new BrokerCheck.Reached.Port("it refuses the user name"));
    assertFinding(FAIL, "refuses", refused);
    assertTrue(refused.advice().contains("password_file"));
    assertTrue(
        judge("ssl://b.example:8883", new BrokerCheck.Reached.Port("TLS failed"))
            .advice()
            .contains("certificates"));
    assertTrue(
        judge(plain, new BrokerCheck.Reached.Login("t")).advice().contains("chargepile/p1/#"));
    assertFinding(
        OK, "back in 1 ms", judge(plain, new BrokerCheck.Reached.Echo(Duration.ofNanos(5))));
  }
}
