package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;

import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.VoucherChannelContract.Periods;
import chargepile.agent.evm.Wei;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is looked at where the ledger is an EVM chain. */
class EvmChecksTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final EvmAddress ACCOUNT = EvmAddress.of("0x" + "11".repeat(20));
  private static final Wei TENTH = Wei.ofGwei(100_000_000);

  private static EvmSettings settings(String more) {
    try {
      String text =
          """
          ledger = "evm"
          [pile]
          id = "p"
          [tariff]
          price_base_units_per_kwh = 1000
          [evm]
          rpc_url = "http://127.0.0.1:8545"
          chain_id = %s
          voucher_channel = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
          token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
          """;
      return ((LedgerSettings.Evm) ConfigFile.parse("c", text.formatted(more)).ledger()).evm();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Finding node(Duration age) {
    EvmBlock head =
        new EvmBlock(7, ByteVector32.One, ByteVector32.Zeroes, NOW.minus(age), Wei.of(1));
    return EvmNodeCheck.judge("n", 1, Optional.of(head), Duration.ofMinutes(5), NOW);
  }

  @Test
  void aNodeWithOldBlocksIsCutOff() {
    assertFinding(OK, "chain 1, block 7, 12 s old", node(Duration.ofSeconds(12)));
    assertFinding(FAIL, "block 7", node(Duration.ofMinutes(6)));
    assertFinding(
        FAIL,
        "no block at all",
        EvmNodeCheck.judge("n", 1, Optional.empty(), Duration.ofMinutes(5), NOW));
  }

  @Test
  void theContractMustTakeThePeriodThatIsAskedFor() {
    EvmSettings settings = settings("31337");
    Duration day = Duration.ofDays(1);
    assertFinding(OK, "of 60 to 86400 s", ContractsCheck.judge(settings, periods(60, day)));
    assertFinding(
        FAIL, "of 60 to 43200 s", ContractsCheck.judge(settings, periods(60, day.dividedBy(2))));
  }

  private static Periods periods(long least, Duration most) {
    return new Periods(Duration.ofSeconds(least), most);
  }

  @Test
  void anAccountPaysTheGasOfItsChannels() {
    Wei two = TENTH.times(2);
    assertFinding(OK, "kept for 2 channels: 0.2 coins", account(two, Optional.of(2)));
    assertFinding(FAIL, "should keep 0.3 coins", account(two, Optional.of(3)));
    assertFinding(WARN, "holds 0 coins", account(Wei.ZERO, Optional.of(0)));
    assertFinding(SKIPPED, "does not say", account(two, Optional.empty()));
  }

  private static Finding account(Wei held, Optional<Integer> channels) {
    return AccountCheck.judge(ACCOUNT, held, TENTH, channels);
  }

  @Test
  void aShortPeriodIsWarnedOfWhereMoneyIsAtStake() {
    String shorter = "%s\nminimum_challenge_period_s = 3600\ni_understand_the_risk = true";
    assertFinding(WARN, "survives about 1 h", OutageCheck.judge(settings(shorter.formatted(1))));
    assertFinding(OK, "survives about 1 h", OutageCheck.judge(settings(shorter.formatted(31_337))));
  }
}
