package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.config.ChainSettings;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import chargepile.hal.Edge;
import chargepile.hal.Register;
import chargepile.hal.gpio.PinSurvey;
import chargepile.hal.gpio.PulseListening;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each check makes of what it saw: the thresholds. */
class JudgementTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private static void assertFinding(Verdict verdict, String what, Finding finding) {
    assertEquals(verdict, finding.verdict(), finding.toString());
    assertTrue(finding.what().contains(what), finding.what());
    assertEquals(verdict == OK || verdict == SKIPPED, finding.advice().isEmpty(), finding.advice());
  }

  private static Config config(String more) {
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

  @Nested
  class Certificates {
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

  @Nested
  class Broker {
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

  @Nested
  class Node {
    private NodeProbe.Standing standing(
        Network network, int height, int headers, boolean download, Duration age, int peers) {
      return new NodeProbe.Standing(
          "/node/",
          network.chain(),
          network.genesis(),
          new ChainTip(new BlockHeight(height), network.genesis(), NOW.minus(age)),
          headers,
          download,
          true,
          NOW,
          peers);
    }

    private Finding judge(NodeProbe.Standing standing, Network configured) {
      return NodeCheck.judge("url", standing, configured, configured.usualTipAge(), NOW);
    }

    @Test
    void oneOnTheTipIsFine() {
      assertFinding(
          OK,
          "block 9, 2 h 0 min old, pruned, which is enough; no transaction index",
          judge(standing(Network.SIGNET, 9, 9, false, Duration.ofHours(2), 3), Network.SIGNET));
    }

    @Test
    void oneOfAnotherNetworkFails() {
      assertFinding(
          FAIL,
          "is on the network signet",
          judge(standing(Network.SIGNET, 9, 9, false, Duration.ZERO, 3), Network.MAINNET));
    }

    @Test
    void oneThatSyncsFails() {
      assertFinding(
          FAIL,
          "block 9 of 100",
          judge(standing(Network.SIGNET, 9, 100, true, Duration.ZERO, 3), Network.SIGNET));
      assertFinding(
          FAIL,
          "block 9 of 16",
          judge(standing(Network.SIGNET, 9, 16, false, Duration.ZERO, 3), Network.SIGNET));
    }

    @Test
    void someHeadersAheadAreUsual() {
      assertFinding(
          OK, "", judge(standing(Network.SIGNET, 9, 15, false, Duration.ZERO, 3), Network.SIGNET));
    }

    @Test
    void anOldTipFailsButOnRegtest() {
      Duration old = Duration.ofHours(2).plusSeconds(1);
      assertFinding(
          FAIL,
          "no block for 2 h",
          judge(standing(Network.SIGNET, 9, 9, false, old, 3), Network.SIGNET));
      assertFinding(OK, "", judge(standing(Network.REGTEST, 9, 9, true, old, 0), Network.REGTEST));
    }

    @Test
    void oneWithoutPeersIsWarnedOf() {
      assertFinding(
          WARN,
          "without peers",
          judge(standing(Network.SIGNET, 9, 9, false, Duration.ZERO, 0), Network.SIGNET));
    }

    @Test
    void twoMustHaveTheSameBlock() {
      BlockHeight height = new BlockHeight(7);
      Optional<BlockHash> one = Optional.of(Network.SIGNET.genesis());
      Optional<BlockHash> other = Optional.of(Network.MAINNET.genesis());
      assertFinding(OK, "the same block 7", SecondNodeCheck.judge(height, one, one));
      assertFinding(FAIL, "disagree", SecondNodeCheck.judge(height, one, other));
      assertFinding(SKIPPED, "moved", SecondNodeCheck.judge(height, one, Optional.empty()));
    }

    @Test
    void aWalletIsLoadedOrStoredOrMissing() {
      assertFinding(OK, "loaded", WalletCheck.judge("w", List.of("w"), List.of("w")));
      assertFinding(FAIL, "not loaded", WalletCheck.judge("w", List.of(), List.of("w")));
      assertFinding(FAIL, "loaded: v", WalletCheck.judge("w", List.of("v"), List.of("v")));
    }
  }

  @Nested
  class Reserve {
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

  @Nested
  class Outage {
    private Finding judge(int blocks, ChainSettings.Network network) {
      return OutageCheck.judge(
          config("[channel]\nto_self_delay_blocks = %d\n".formatted(blocks)).channel(), network);
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

  @Nested
  class Clock {
    private Finding judge(Boolean set, Duration medianIn, Duration ahead, Duration certificateIn) {
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

  @Nested
  class Disk {
    private List<Finding> judge(long usable, Optional<String> problem, boolean readOnly) {
      Path folder = Path.of("/data");
      return DiskCheck.judge(
          new DiskCheck.Seen(folder, false, folder, usable, readOnly, problem, false), "pi");
    }

    @Test
    void enoughRoomInAFolderThatTakesItIsFine() {
      List<Finding> findings = judge(DiskCheck.ENOUGH, Optional.empty(), false);
      assertFinding(OK, "takes and syncs", findings.getFirst());
      assertFinding(OK, "200 MB free", findings.getLast());
    }

    @Test
    void littleRoomIsWarnedOfAndThenFails() {
      assertFinding(WARN, "free", judge(DiskCheck.ENOUGH - 1, Optional.empty(), false).getLast());
      assertFinding(WARN, "free", judge(DiskCheck.LITTLE, Optional.empty(), false).getLast());
      assertFinding(FAIL, "free", judge(DiskCheck.LITTLE - 1, Optional.empty(), false).getLast());
    }

    @Test
    void aReadOnlyDiskAndAForbiddenFolderHaveTheirOwnAdvice() {
      Finding readOnly = judge(DiskCheck.ENOUGH, Optional.of("ro"), true).getFirst();
      assertFinding(FAIL, "can't be written by pi", readOnly);
      assertTrue(readOnly.advice().contains("dmesg"), readOnly.advice());
      Finding denied = judge(DiskCheck.ENOUGH, Optional.of("denied"), false).getFirst();
      assertTrue(denied.advice().contains("sudo -u chargepile"), denied.advice());
    }

    @Test
    void aFolderOpenToOthersIsWarnedOf() {
      Path folder = Path.of("/data");
      var seen =
          new DiskCheck.Seen(
              folder, false, folder, DiskCheck.ENOUGH, false, Optional.empty(), true);
      assertFinding(WARN, "open to other users", DiskCheck.judge(seen, "pi").getLast());
    }

    @ParameterizedTest
    @CsvSource({
      "0, 0, SKIPPED, does not say",
      "1, 1, OK, 0 to 10 % of its life used",
      "8, 1, OK, 70 to 80 %",
      "9, 1, WARN, 80 to 90 %",
      "10, 1, WARN, 90 to 100 %",
      "11, 1, FAIL, past the end",
      "1, 2, WARN, few spare blocks",
      "1, 3, FAIL, almost no spare blocks",
      "0, 1, OK, spare blocks enough",
    })
    void aMediumSaysHowWornItIs(int life, int reserve, Verdict verdict, String what) {
      Mount mount = new Mount("179:2", Path.of("/"), false, "ext4", "/dev/mmcblk0p2");
      assertFinding(
          verdict,
          what,
          MediumCheck.judge(mount, Optional.of(new MediumCheck.Health("mmcblk0", life, reserve))));
    }

    @Test
    void whereThereIsNoDiskNothingIsSaid() {
      Mount mount = new Mount("0:4", Path.of("/run"), false, "tmpfs", "tmpfs");
      assertFinding(SKIPPED, "/run (tmpfs)", MediumCheck.judge(mount, Optional.empty()));
    }
  }

  @Nested
  class Backup {
    private final ChannelId one = new ChannelId(new ByteVector32(new byte[32]));

    @Test
    void everyChannelMustBeInIt() {
      Path file = Path.of("b");
      assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), true));
      assertFinding(FAIL, "lacks 1 of 1", BackupCheck.judge(file, Set.of(one), Set.of(), false));
      assertFinding(
          OK, "all channels (1)", BackupCheck.judge(file, Set.of(one), Set.of(one), true));
      assertFinding(OK, "no channel", BackupCheck.judge(file, Set.of(), Set.of(), false));
    }
  }

  @Nested
  class Gpio {
    private List<Finding> judge(OptionalLong daemon, PinSurvey.State... pins) {
      return GpioCheck.judge(new PinSurvey("/dev/g", "/dev/g (pinctrl)", List.of(pins)), daemon);
    }

    private PinSurvey.State pin(boolean there, String holder) {
      return new PinSurvey.State("contactor", 22, there, Optional.ofNullable(holder));
    }

    @Test
    void freeLinesAreFine() {
      assertFinding(
          OK,
          "all 1 lines are there and free",
          judge(OptionalLong.empty(), pin(true, null)).getFirst());
    }

    @Test
    void aPinThatTheChipLacksFails() {
      assertFinding(
          FAIL,
          "GPIO 22 (contactor) is not on the chip",
          judge(OptionalLong.empty(), pin(false, null)).getFirst());
    }

    @Test
    void aLineThatAnotherHoldsFails() {
      assertFinding(
          FAIL, "in use by \"fan\"", judge(OptionalLong.empty(), pin(true, "fan")).getFirst());
      assertFinding(
          FAIL, "in use by \"fan\"", judge(OptionalLong.of(7), pin(true, "fan")).getFirst());
    }

    @Test
    void theDaemonsOwnLinesAreExpectedToBeBusy() {
      assertFinding(
          OK,
          "the daemon at work (process 7)",
          judge(OptionalLong.of(7), pin(true, "contactor")).getFirst());
      assertFinding(FAIL, "in use", judge(OptionalLong.empty(), pin(true, "contactor")).getFirst());
      assertFinding(
          WARN, "is free although", judge(OptionalLong.of(7), pin(true, null)).getFirst());
    }

    @Test
    void permissionNamesTheRuleAndTheGroup() {
      Finding refused = GpioCheck.refused("GPIO chip /dev/g: permission denied");
      assertFinding(FAIL, "denied", refused);
      assertTrue(refused.advice().contains("60-chargepile-gpio.rules"));
      assertTrue(refused.advice().contains("usermod -aG gpio"));
      assertFalse(GpioCheck.permission("/dev/g", new GpioCheck.Access("root", true)).isEmpty());
      assertFalse(GpioCheck.permission("/dev/g", new GpioCheck.Access("gpio", false)).isEmpty());
      assertTrue(GpioCheck.permission("/dev/g", new GpioCheck.Access("gpio", true)).isEmpty());
    }
  }

  @Nested
  class Meter {
    private static final Duration SHORTEST = Duration.ofMillis(27);

    private Finding judge(boolean conducts, long... pulsesMillis) {
      List<Edge> edges = new ArrayList<>();
      long at = 1_000_000_000;
      for (long pulse : pulsesMillis) {
        edges.add(new Edge(Register.IMPORT, true, at, edges.size() + 1));
        at += pulse * 1_000_000;
        edges.add(new Edge(Register.IMPORT, false, at, edges.size() + 1));
        at += 50_000_000;
      }
      return MeterCheck.judge(
          new PulseListening(Register.IMPORT, 17, conducts, edges),
          Duration.ofSeconds(5),
          SHORTEST);
    }

    @Test
    void silenceAtThePullUpsLevelIsFine() {
      assertFinding(OK, "no pulse in 5 s", judge(false));
    }

    @Test
    void aPulseMeansAWeldedContactor() {
      Finding finding = judge(false, 3, 27);
      assertFinding(FAIL, "1 pulses in 5 s although nobody closes the contactor", finding);
      assertTrue(finding.advice().contains("welded"), finding.advice());
    }

    @Test
    void shortChangesAreNoise() {
      assertFinding(WARN, "4 changes", judge(false, 26, 3));
    }

    @Test
    void anOutputThatAlwaysConductsIsWiredWrong() {
      assertFinding(FAIL, "conducts all the time", judge(true));
    }
  }

  @Nested
  class Service {
    private final Map<String, String> well =
        Map.of(
            "LoadState", "loaded",
            "ActiveState", "active",
            "StatusText", "no session; 1 channel",
            "UnitFileState", "enabled",
            "NRestarts", "0",
            "WatchdogUSec", "30s");

    private List<Finding> with(String name, String value) {
      Map<String, String> changed = new java.util.HashMap<>(well);
      changed.put(name, value);
      return ServiceCheck.judge(changed);
    }

    @Test
    void oneThatRunsSaysWhatItDoes() {
      assertEquals(1, ServiceCheck.judge(well).size());
      assertFinding(OK, "runs: no session; 1 channel", ServiceCheck.judge(well).getFirst());
    }

    @Test
    void oneThatFailedOrRestsIsSaid() {
      assertFinding(FAIL, "has failed", with("ActiveState", "failed").getFirst());
      assertFinding(WARN, "does not run", with("ActiveState", "inactive").getFirst());
      assertFinding(WARN, "starting", with("ActiveState", "activating").getFirst());
    }

    @Test
    void noWatchdogNoStartAndRestartsAreWarnedOf() {
      assertFinding(WARN, "no watchdog", with("WatchdogUSec", "0").getLast());
      assertFinding(WARN, "no watchdog", with("WatchdogUSec", "infinity").getLast());
      assertFinding(WARN, "does not start with", with("UnitFileState", "disabled").getLast());
      assertFinding(WARN, "again 3 times", with("NRestarts", "3").getLast());
    }

    @Test
    void withoutTheUnitNothingIsSaid() {
      assertFinding(SKIPPED, "not-found", with("LoadState", "not-found").getFirst());
      assertFinding(SKIPPED, "can't be asked", ServiceCheck.judge(Map.of()).getFirst());
      assertEquals(Map.of("A", "b=c", "D", ""), ServiceCheck.properties("A=b=c\nnonsense\nD=\n"));
    }
  }

  @Test
  void aMissingNativeLibraryIsWarnedOf() {
    assertFinding(OK, "libsecp256k1", VersionCheck.judge("it", "libsecp256k1", Optional.empty()));
    assertFinding(WARN, "slower: no", VersionCheck.judge("it", "Bouncy Castle", Optional.of("no")));
  }

  @Test
  void aFindingIsOneLine() {
    assertEquals("a b", Finding.ok("a \n  b\n").what());
  }
}
