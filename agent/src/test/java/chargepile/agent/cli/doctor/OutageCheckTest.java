package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Findings.config;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.WARN;

import chargepile.agent.config.ChainSettings;
import org.junit.jupiter.api.Test;

/** How long an outage may be. */
class OutageCheckTest {
  private Finding judge(int blocks, ChainSettings.Network network) {
    return OutageCheck.judge(
        config("[channel]\nto_self_delay_blocks = %d\n".formatted(blocks)).bitcoin().channel(),
        network);
  }

  @Test
  void aDayIsFine() {
    assertFinding(OK, "survives about 24 h", judge(144, ChainSettings.Network.MAINNET));
  }

  @Test
  void lessIsWarnedOfWhereMoneyIsAtStake() {
    assertFinding(WARN, "survives about 23 h 50", judge(143, ChainSettings.Network.MAINNET));
    assertFinding(OK, "survives about 8 h 20", judge(50, ChainSettings.Network.REGTEST));
  }
}
