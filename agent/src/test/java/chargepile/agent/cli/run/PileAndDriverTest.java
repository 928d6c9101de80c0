package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pile's daemon and the driver's wallet as processes, over a real broker and a real node. */
class PileAndDriverTest {
  private static final Satoshi PURSE = new Satoshi(1_000_000);
  private static final long FEES_AT_MOST = 10_000;

  @TempDir private Path folder;
  private RegtestNode node;
  private PrivateBroker broker;

  @BeforeEach
  void start() throws IOException {
    broker = RealBroker.start();
    node = RegtestNode.start();
    node.createWallet("pile");
    node.createWallet("driver");
    try (BitcoindWallet wallet = new BitcoindWallet(node.endpoint(), "driver")) {
      node.fund(wallet.freshScript(), PURSE);
    }
    Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,20000\n30,0\n");
    Files.writeString(
        folder.resolve("pile.toml"),
        """
        [pile]
        id = "pile-1"
        data_dir = "pile"
        [gpio]
        backend = "simulated"
        trace_file = "car.csv"
        [tariff]
        price_msat_per_kwh = 10000000
        [exposure]
        increment_wh = 10
        credit_wh = 30
        [channel]
        minimum_depth_blocks = 1
        [mqtt]
        broker_url = "%s"
        [chain]
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile"
        """
            .formatted(broker.url(), node.endpoint().url(), cookie()));
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
  void aSessionGoesOnAfterEitherWasKilledAndIsPaidOnTheChain() throws Exception {
    String address;
    try (Program pile = pile()) {
      address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = driver("charge", address, "--max-price=10000000")) {
        String offer = driver.await(line -> line.startsWith("session "));
        driver.await(line -> line.startsWith("paid "));
        pile.kill();
        try (Program restarted = pile()) {
          assertEquals(address, restarted.await(line -> line.startsWith("chargepile:")));
          driver.await(line -> line.startsWith("paid "));
          driver.await(line -> line.startsWith("paid "));
          driver.kill();
          long paid = chargedUntilTheCarIsFull(address, offer.split("[ :]", -1)[1]);
          closes(address, paid);
          chargesOverAnother(address);
          restarted.terminate();
          assertEquals(143, restarted.exit(), restarted.said());
        }
      }
    }
  }

  /** Starts the driver again; gives the satoshi that it paid in all. */
  private long chargedUntilTheCarIsFull(String address, String session) throws Exception {
    try (Program driver = driver("charge", address, "--max-price=10000000")) {
      driver.await(line -> line.equals("going on with session " + session));
      driver.await(line -> line.startsWith("paid "));
      driver.await(line -> line.startsWith("session ended"));
      String summary = driver.await(line -> line.contains("the meter says"));
      assertEquals(0, driver.exit(), driver.said());
      Matcher amount = Pattern.compile("paid ([0-9 ]+) sat for .*").matcher(summary);
      assertTrue(amount.matches(), summary);
      return Long.parseLong(amount.group(1).replace(" ", ""));
    }
  }

  private void closes(String address, long paid) throws Exception {
    try (Program driver = driver("close", address)) {
      driver.await(line -> line.equals("settled: cooperative close"));
      assertEquals(0, driver.exit(), driver.said());
    }
    try (Program status =
        new Program(() -> {}, "driver", "status", "--data", folder.resolve("driver").toString())) {
      String line = status.await(l -> l.startsWith("channel "));
      assertTrue(line.contains("settled by cooperative close"), line);
    }
    try (Program receipts =
        new Program(
            () -> {},
            "driver",
            "receipts",
            "--json",
            "--data",
            folder.resolve("driver").toString())) {
      String line = receipts.await(l -> l.startsWith("{"));
      assertTrue(line.replace(" ", "").contains("\"amount_msat\":" + paid + "000"), line);
    }
    assertEquals(paid, balance("pile"));
    long left = balance("driver");
    assertTrue(left <= PURSE.value() - paid, () -> left + " sat left");
    assertTrue(left >= PURSE.value() - paid - FEES_AT_MOST, () -> left + " sat left");
  }

  private void chargesOverAnother(String address) throws Exception {
    try (Program driver = driver("charge", address, "--max-price=10000000")) {
      driver.await(line -> line.equals("opening another channel"));
      driver.await(line -> line.equals("channel usable"));
      driver.await(line -> line.startsWith("paid "));
      driver.terminate();
      driver.await(line -> line.equals("stopping the session"));
      driver.await(line -> line.equals("session ended: driver stopped"));
      assertEquals(143, driver.exit(), driver.said());
    }
  }

  private long balance(String wallet) {
    try (BitcoindWallet of = new BitcoindWallet(node.endpoint(), wallet)) {
      return of.balance().value();
    }
  }

  private Program pile() throws IOException {
    return new Program(this::mine, "run", "--config", folder.resolve("pile.toml").toString());
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
