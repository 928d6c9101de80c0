package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.units.ChannelId;
import chargepile.agent.voucher.VoucherStates;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which channels are in it. */
class BackupCheckTest {
  private static final PublicKey PEER =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  private final ChannelId one = new ChannelId(new ByteVector32(new byte[32]));

  @Test
  void everyChannelMustBeInIt() {
    Path file = Path.of("b");
    assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), true));
    assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), false));
    assertFinding(OK, "all channels (1)", BackupCheck.judge(file, Set.of(one), Set.of(one), true));
    assertFinding(OK, "no channel", BackupCheck.judge(file, Set.of(), Set.of(), false));
  }

  @Test
  void vouchersThatLackForLongAreToldOf() {
    List<VoucherBackup.Entry> life =
        VoucherStates.ofEveryStage().stream()
            .flatMap(state -> state.recovering().stream())
            .map(state -> new VoucherBackup.Entry(PEER, 1, state))
            .toList();
    VoucherBackup.Entry paid =
        life.stream().filter(e -> e.book().received().isPresent()).findFirst().orElseThrow();
    VoucherBackup.Entry before =
        life.stream()
            .filter(e -> e.id().equals(paid.id()) && e.book().received().isEmpty())
            .findFirst()
            .orElseThrow();
    Instant made = Instant.parse("2026-01-02T03:04:05Z");
    VoucherBackup old =
        new VoucherBackup(
            true,
            PEER,
            paid.book().setup().domain().separator(),
            made,
            Optional.empty(),
            List.of(before));
    Path file = Path.of("b");
    Instant later = made.plusSeconds(3600);
    assertFinding(
        WARN,
        "lacks the last payments in 1 of 1",
        BackupCheck.judge(file, List.of(paid), old, later).orElseThrow());
    assertEquals(
        Optional.empty(), BackupCheck.judge(file, List.of(paid), old, made.plusSeconds(3)));
    assertEquals(Optional.empty(), BackupCheck.judge(file, List.of(before), old, later));
  }
}
