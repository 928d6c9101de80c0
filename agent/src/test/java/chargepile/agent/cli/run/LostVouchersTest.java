package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.runtime.NodeBackup;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store with vouchers is lost, and its money comes from the backup (P2-15, P2-18): real
 * processes, a real broker and a real EVM node.
 */
class LostVouchersTest {
  private static final String CAR = "seconds,power_w\n0,20000\n600,0\n";
  private static final String SETTINGS =
      """
      [tariff]
      price_base_units_per_kwh = 10000000
      [exposure]
      increment_wh = 10
      credit_wh = 30
      """;

  @TempDir private Path folder;
  private EvmSite site;

  @BeforeEach
  void start() throws Exception {
    site = new EvmSite(folder, CAR, SETTINGS);
  }

  @AfterEach
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void aPileThatIsRestoredFromAnOlderBackupIsPaidWhatItsDriverSigned() throws Exception {
    Path newest = folder.resolve("pile/channels.backup");
    Path old = folder.resolve("old.backup");
    String address = chargesAndDies(() -> Files.copy(newest, old));
    long signed = paidByDriver();
    assertTrue(paid(newest, "pile") > paid(old, "pile"), "the agent went on writing it by itself");
    lose("pile");
    isRefused("is missing, but the backup", "run", "--config", config());
    isRefused("restore from it", "restore", "--config", config(), old.toString());
    Files.delete(newest);
    String said = done("restore", "--config", config(), old.toString());
    assertTrue(said.contains("is to be recovered"), said);
    try (Program pile = site.pile()) {
      assertEquals(address, pile.await(line -> line.startsWith("chargepile:")));
      try (Program close = site.driver("close", address)) {
        pile.await(line -> line.contains("challenge in the channel"));
        site.passTime(EvmSite.PERIOD);
        close.await(line -> line.startsWith("settled: "));
        assertEquals(0, close.exit(), close.said());
      }
    }
    assertShared(signed);
  }

  /** The chain tells of it, and its driver what was paid. */
  @Test
  void aChannelThatNoBackupKnowsIsFoundOnTheChain() throws Exception {
    Path old = folder.resolve("old.backup");
    String address = chargesAndDies(() -> {});
    long signed = paidByDriver();
    Path newest = folder.resolve("pile/channels.backup");
    VoucherBackup full = ((NodeBackup.OfVouchers) read(newest, "pile")).channels();
    BackupFile.write(
        old,
        new NodeBackup.OfVouchers(
            new VoucherBackup(
                true, full.node(), full.ledger(), Instant.EPOCH, full.address(), List.of())),
        seed("pile"));
    lose("pile");
    Files.delete(newest);
    String said = done("restore", "--config", config(), old.toString());
    assertTrue(said.contains("was not in the backup"), said);
    try (Program pile = site.pile()) {
      pile.await(line -> line.startsWith("chargepile:"));
      try (Program close = site.driver("close", address)) {
        pile.await(line -> line.contains("challenge in the channel"));
        site.passTime(EvmSite.PERIOD);
        close.await(line -> line.startsWith("settled: "));
        assertEquals(0, close.exit(), close.said());
      }
    }
    assertShared(signed);
  }

  @Test
  void aDriverThatIsRestoredGetsWhatItHasNotSpent() throws Exception {
    Path backup = folder.resolve("driver/channels.backup");
    Path old = folder.resolve("old.backup");
    String address = chargesAndDies(() -> Files.copy(backup, old));
    long signed = heardByPile(); // the last may have been signed and not said
    lose("driver");
    Files.delete(backup);
    String data = folder.resolve("driver").toString();
    isRefused("give --evm FILE", "restore", "--data", data, old.toString());
    String evm = folder.resolve("evm.toml").toString();
    done("restore", "--data", data, "--evm", evm, old.toString());
    try (Program pile = site.pile()) {
      pile.await(line -> line.startsWith("chargepile:"));
      try (Program close = site.driver("close", address)) {
        close.await(line -> line.contains("data was lost"));
        pile.await(line -> line.contains("close of the channel"));
        site.passTime(EvmSite.PERIOD);
        close.await(line -> line.startsWith("settled: "));
        assertEquals(0, close.exit(), close.said());
        assertFalse(close.said().contains("signed"), close.said());
      }
    }
    assertShared(signed);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Charges, does something in between, charges more, and kills both; gives the pile's address. */
  private String chargesAndDies(Step between) throws Exception {
    try (Program pile = site.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
        driver.await(line -> line.startsWith("paid "));
        between.run();
        for (int i = 0; i < 6; i++) {
          driver.await(line -> line.startsWith("paid "));
        }
        driver.kill();
      }
      pile.kill();
      return address;
    }
  }

  private void lose(String who) throws IOException {
    for (String end : List.of(".db", ".db-wal", ".db-shm")) {
      Files.deleteIfExists(folder.resolve(who).resolve(who + end));
    }
  }

  private long paidByDriver() {
    try (StoreView view = SqliteStore.openReadOnly(folder.resolve("driver/driver.db"))) {
      Snapshot snapshot = view.load();
      return snapshot.channels().getFirst().remoteMsat();
    }
  }

  private long heardByPile() {
    try (StoreView view = SqliteStore.openReadOnly(folder.resolve("pile/pile.db"))) {
      return view.load().channels().getFirst().localMsat();
    }
  }

  private ByteVector32 seed(String who) throws Exception {
    return SeedFile.existing(folder.resolve(who).resolve("seed"), Optional.empty());
  }

  private NodeBackup read(Path backup, String who) throws Exception {
    return BackupFile.read(backup, seed(who));
  }

  private long paid(Path backup, String who) throws Exception {
    return ((NodeBackup.OfVouchers) read(backup, who))
        .channels()
        .channels()
        .getFirst()
        .book()
        .received()
        .map(best -> best.voucher().cumulative().value())
        .orElse(0L);
  }

  private long balance(String who) {
    return site.balance(who).value();
  }

  /** Nothing is gained or lost by anybody. */
  private void assertShared(long signed) {
    assertEquals(signed, balance("pile"));
    assertEquals(EvmSite.PURSE.value() - signed, balance("driver"));
    assertEquals(Amount.ZERO, site.held());
  }

  private String config() {
    return site.configuration().toString();
  }

  private static String done(String... args) throws Exception {
    try (Program program = new Program(() -> {}, args)) {
      assertEquals(0, program.exit(), program.said());
      return program.said();
    }
  }

  private static void isRefused(String why, String... args) throws Exception {
    try (Program program = new Program(() -> {}, args)) {
      program.await(line -> line.contains(why));
      assertEquals(1, program.exit(), program.said());
    }
  }
}
