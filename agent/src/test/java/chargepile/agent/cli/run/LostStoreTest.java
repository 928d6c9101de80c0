package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store is destroyed and its channel recovered from a backup that is older than the last updates:
 * real processes, a real broker and a real Bitcoin node.
 */
class LostStoreTest {
  private static final Satoshi PURSE = new Satoshi(1_000_000);
  private static final long SWEEP_FEE_AT_MOST = 5_000;
  private static final long FEES_AT_MOST = 20_000;

  @TempDir private Path folder;
  private RegtestNode node;
  private PrivateBroker broker;

  @BeforeEach
  void start() throws IOException {
    broker = RealBroker.start();
    node = RegtestNode.start();
    node.createWallet("pile");
    node.createWallet("driver");
    try (BitcoindWallet wallet =
        new BitcoindWallet(node.endpoint(), "driver", ReservedCoins.UNKEPT)) {
      node.fund(wallet.freshScript(), PURSE);
    }
    Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,20000\n300,0\n");
    Files.writeString(
        config(),
        """
        [pile]
        id = "pile-1"
        data_dir = "pile"
        [store]
        backup = "elsewhere/pile.backup"
        [gpio]
        backend = "simulated"
        trace_file = "car.csv"
        [tariff]
        price_msat_per_kwh = 100000000
        [exposure]
        increment_wh = 10
        credit_wh = 30
        [channel]
        minimum_depth_blocks = 1
        to_self_delay_blocks = 6
        [mqtt]
        broker_url = "%s"
        [chain]
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile"
        """
            .formatted(broker.url(), node.endpoint().url(), cookie()));
    Files.createDirectories(folder.resolve("elsewhere"));
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void aPileWhoseStoreIsDamagedGetsItsMoneyFromTheBackup() throws Exception {
    Path old = folder.resolve("old.backup");
    String address = chargesAndDies(() -> backsUp(old, "--config", config().toString()));
    long owed = remoteSatoshi("driver/driver.db");
    Path store = folder.resolve("pile/pile.db");
    damage(store);
    Files.delete(folder.resolve("pile/channels-begin"));
    isRefused(3, "is damaged", "run", "--config", config().toString());
    isRefused(3, "restore", "backup", "--config", config().toString());
    isRefused(1, "--replace-damaged", "restore", "--config", config().toString(), old.toString());
    done("restore", "--replace-damaged", "--config", config().toString(), old.toString());
    try (Stream<Path> files = Files.list(folder.resolve("pile"))) {
      assertTrue(
          files.anyMatch(file -> file.getFileName().toString().startsWith("pile.db.damaged-")),
          "the damaged store is kept");
    }
    isRefused(
        1,
        "is not damaged",
        "restore",
        "--replace-damaged",
        "--config",
        config().toString(),
        old.toString());
    try (Program pile = pile()) {
      assertEquals(address, pile.await(line -> line.startsWith("chargepile:")));
      try (Program driver = driver("close", address)) {
        driver.await(line -> line.contains("lost its data"));
        pile.await(line -> line.contains("are being taken home"));
        driver.await(line -> line.startsWith("settled: unilateral close"));
        assertEquals(0, driver.exit(), driver.said());
      }
      awaitSettled(pile, "pile/pile.db");
      assertFalse(pile.said().contains("own commitment"), pile.said());
    }
    assertNothingStale("pile/pile.db");
    assertIncome("pile", owed, SWEEP_FEE_AT_MOST);
    assertIncome("driver", PURSE.value() - owed, FEES_AT_MOST);
  }

  @Test
  void aDriverWhoseStoreIsGoneGetsItsMoneyFromTheBackup() throws Exception {
    Path old = folder.resolve("old.backup");
    String data = folder.resolve("driver").toString();
    String address = chargesAndDies(() -> backsUp(old, "--data", data));
    long owed = remoteSatoshi("driver/driver.db");
    for (String name : List.of("driver.db", "driver.db-wal", "driver.db-shm", "channels-begin")) {
      Files.deleteIfExists(folder.resolve("driver").resolve(name));
    }
    try (Program lost = driver("charge", address)) {
      lost.await(line -> line.contains("is missing, but the backup"));
      assertEquals(1, lost.exit(), lost.said());
    }
    done("restore", "--data", data, old.toString());
    try (Program pile = pile();
        Program driver = driver("close", address)) {
      pile.await(line -> line.contains("lost its data"));
      driver.await(line -> line.contains("are being taken home"));
      driver.await(line -> line.equals("settled: recovered"));
      assertEquals(0, driver.exit(), driver.said());
      assertFalse(driver.said().contains("own commitment"), driver.said());
      awaitSettled(pile, "pile/pile.db");
    }
    assertNothingStale("driver/driver.db");
    assertIncome("pile", owed, FEES_AT_MOST);
    assertIncome("driver", PURSE.value() - owed, FEES_AT_MOST);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Charges, does something in between, charges more, and kills both; gives the pile's address. */
  private String chargesAndDies(Step between) throws Exception {
    try (Program pile = pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = driver("charge", address, "--max-price=100000000")) {
        driver.await(line -> line.startsWith("paid "));
        between.run();
        for (int i = 0; i < 4; i++) {
          driver.await(line -> line.startsWith("paid "));
        }
        driver.kill();
      }
      pile.kill();
      return address;
    }
  }

  /** The agent has written the same by itself; the command does it beside the running agent. */
  private void backsUp(Path to, String... whose) throws Exception {
    boolean pile = whose[0].equals("--config");
    assertTrue(
        Files.exists(folder.resolve(pile ? "elsewhere/pile.backup" : "driver/channels.backup")),
        "written when the channel was opened");
    List<String> args = new ArrayList<>(List.of("backup", "--to", to.toString()));
    args.addAll(List.of(whose));
    done(args.toArray(String[]::new));
  }

  private static void done(String... args) throws Exception {
    try (Program program = new Program(() -> {}, args)) {
      assertEquals(0, program.exit(), program.said());
    }
  }

  private static void isRefused(int code, String why, String... args) throws Exception {
    try (Program program = new Program(() -> {}, args)) {
      program.await(line -> line.contains(why));
      assertEquals(code, program.exit(), program.said());
    }
  }

  private static void damage(Path store) throws IOException {
    Path log = store.resolveSibling(store.getFileName() + "-wal");
    for (Path file : List.of(store, log)) {
      if (Files.exists(file) && Files.size(file) > 4096) {
        try (RandomAccessFile page = new RandomAccessFile(file.toFile(), "rw")) {
          byte[] noise = new byte[(int) Math.min(page.length() - 4096, 200_000)];
          new Random(1).nextBytes(noise);
          page.seek(4096);
          page.write(noise);
        }
      }
    }
  }

  private void awaitSettled(Program pile, String store) throws Exception {
    for (int i = 0; i < 300; i++) {
      Snapshot snapshot = load(store);
      if (snapshot.channels().stream().allMatch(row -> row.stage().equals("Closed"))) {
        return;
      }
      mine();
      Thread.sleep(100);
    }
    throw new AssertionError("not settled: " + pile.said());
  }

  private void assertNothingStale(String store) {
    try (StoreView view = SqliteStore.openReadOnly(folder.resolve(store))) {
      for (JournalEntry entry : view.journal(1, 1000)) {
        assertFalse(entry.note().event().contains("unilateral"), entry.note()::toString);
      }
    }
  }

  private long remoteSatoshi(String store) {
    return load(store).channels().getFirst().remoteMsat() / 1000;
  }

  private Snapshot load(String store) {
    try (StoreView view = SqliteStore.openReadOnly(folder.resolve(store))) {
      return view.load();
    }
  }

  private void assertIncome(String wallet, long due, long feesAtMost) {
    try (BitcoindWallet of = new BitcoindWallet(node.endpoint(), wallet, ReservedCoins.UNKEPT)) {
      long income = of.balance().value();
      assertTrue(
          income <= due && income >= due - feesAtMost,
          () -> "%s has %d sat of %d".formatted(wallet, income, due));
    }
  }

  private Path config() {
    return folder.resolve("pile.toml");
  }

  private Program pile() throws IOException {
    return new Program(this::mine, "run", "--config", config().toString());
  }

  private Program driver(String verb, String address, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "driver",
                verb,
                "--pile=" + address,
                "--data=" + folder.resolve("driver"),
                "--rpc-url=" + node.endpoint().url(),
                "--rpc-cookie=" + cookie(),
                "--rpc-wallet=driver"));
    args.addAll(List.of(more));
    return new Program(this::mine, args.toArray(String[]::new));
  }

  /** A block whenever somebody waits for one. */
  private void mine() {
    node.mine(1);
  }

  private Path cookie() {
    return ((Credentials.CookieFile) node.endpoint().credentials()).file();
  }
}
