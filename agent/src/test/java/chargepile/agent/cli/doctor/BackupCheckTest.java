package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which channels are in it. */
class BackupCheckTest {
  private final ChannelId one = new ChannelId(new ByteVector32(new byte[32]));

  @Test
  void everyChannelMustBeInIt() {
    Path file = Path.of("b");
    assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), true));
    assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), false));
    assertFinding(OK, "all channels (1)", BackupCheck.judge(file, Set.of(one), Set.of(one), true));
    assertFinding(OK, "no channel", BackupCheck.judge(file, Set.of(), Set.of(), false));
  }
}
