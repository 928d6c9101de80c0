package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.cli.certs.OldCertificates;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator may meet: each is told in one clear message, and whatever it is, the contactor's
 * line is never at the level that closes it.
 */
class TroubleTest {
  private static final int FAILED = 1;
  private static final int STOPPED = 143;
  private static final Instant DAYS_AGO =
      Instant.now().minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);
  private static final Instant YEARS_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir private Path folder;
  private static RegtestNode node;
  private Bench bench;
  private String broker = "tcp://127.0.0.1:1"; // where nothing listens
  private String mqtt = "";
  private String gpio = "";
  private String chain = "";

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start("-mocktime=" + DAYS_AGO.getEpochSecond());
    node.createWallet("pile");
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void plugIn() throws IOException {
    bench = new Bench(folder.resolve("chip"));
  }

  @AfterEach
  void theContactorWasNeverClosed() throws IOException {
    assertFalse(bench.wasClosed());
  }

  @Test
  void aBadConfiguration() throws Exception {
    gpio = "contactor_pin = \"22\"\nplug = 23\n";
    Path file = configuration();
    assertFails(file, file + ":7:1: gpio.contactor_pin: ", file + ":8:1: gpio.plug: ");
    assertFalse(bench.wasTouched());
  }

  @Test
  void aMissingPin() throws Exception {
    gpio = "plug_pin = 60\n";
    assertFails(
        configuration(),
        "GPIO 60 (plug): the chip /dev/gpiochip0 (pinctrl-rp1, 54 lines) has lines 0 to 53; correct"
            + " the pin in the configuration");
  }

  @Test
  void aBusyLine() throws Exception {
    bench.take(17, "spi0 CS0");
    assertFails(
        configuration(),
        "GPIO 17 (import pulses) on /dev/gpiochip0 (pinctrl-rp1, 54 lines): in use by \"spi0 CS0\";"
            + " stop that program, remove the overlay that claims the pin, or choose another");
  }

  @Test
  void noBroker() throws Exception {
    try (Program pile = run(configuration())) {
      awaitWarning(pile, "no connection to the broker tcp://127.0.0.1:1: nothing listens there");
      assertStops(pile);
    }
  }

  @Test
  void anExpiredCertificate() throws Exception {
    Path certificates = folder.resolve("certificates");
    OldCertificates.authority(certificates);
    OldCertificates.issue(certificates, "pile", YEARS_AGO, YEARS_AGO.plus(Duration.ofDays(365)));
    try (PrivateBroker tls = tlsBroker(certificates)) {
      broker = "ssl://localhost:" + tls.url().getPort();
      mqtt =
          """
          ca_file = "%1$s/ca.pem"
          certificate_file = "%1$s/pile.pem"
          key_file = "%1$s/pile.key"
          """
              .formatted(certificates);
      try (Program pile = run(configuration())) {
        awaitWarning(
            pile,
            certificates.resolve("pile.pem")
                + " expired at 2020-12-31T00:00:00Z: put a new one in its place, or set this"
                + " machine's clock");
        String refused = awaitWarning(pile, "no connection to the broker " + broker);
        assertTrue(refused.contains("this side's certificate has expired"), refused);
        assertStops(pile);
      }
    }
  }

  private static PrivateBroker tlsBroker(Path certificates) throws Exception {
    return RealBroker.start(
        port ->
            """
            listener %1$d 127.0.0.1
            cafile %2$s/ca.pem
            certfile %2$s/broker.pem
            keyfile %2$s/broker.key
            require_certificate true
            use_identity_as_username true
            allow_anonymous true
            user %3$s
            """
                .formatted(port, certificates, System.getProperty("user.name")));
  }

  @Test
  void aClockThatIsBehindTheChain() throws Exception {
    Instant later = DAYS_AGO.plus(Duration.ofDays(6));
    node.mineAt(later);
    chain = "grace_minutes = 0\n";
    try (Program pile = run(configuration())) {
      awaitWarning(
          pile,
          "this machine's clock is wrong: block %d was made at %s, which it takes for the future: set it (timedatectl)"
              .formatted(node.height(), later));
      awaitWarning(pile, "nothing is sold until");
      assertStops(pile);
    } finally {
      node.dropBlocks(1);
    }
  }

  @Test
  void aClockThatIsAheadOfTheChain() throws Exception {
    chain = "max_tip_age_minutes = 30\n";
    try (Program pile = run(configuration())) {
      String said = awaitWarning(pile, "no chain, so nothing is sold yet");
      assertTrue(said.contains("its last block (%d) is 4".formatted(node.height())), said);
      assertTrue(
          said.endsWith("see whether it has peers, and whether this machine's clock is right"),
          said);
      assertStops(pile);
    }
  }

  @Test
  void aFullDiskAtTheFirstStart() throws Exception {
    try (PrivateMounts disk = disk()) {
      fill(disk.outside(folder.resolve("pile")));
      assertFails(
          disk.inside(),
          configuration(),
          folder.resolve("pile/seed")
              + " can't be written: the disk is full. Free some space (df shows where); what was"
              + " stored is intact");
    }
  }

  @Test
  void aFullDiskAtALaterStart() throws Exception {
    try (PrivateMounts disk = disk()) {
      Path file = configuration();
      try (Program pile = run(disk.inside(), file)) {
        pile.await(line -> line.startsWith("chargepile:"));
        assertStops(pile);
      }
      fill(disk.outside(folder.resolve("pile")));
      assertFails(disk.inside(), file, "The disk is full: free some space");
    }
  }

  private PrivateMounts disk() throws IOException, InterruptedException {
    Path data = Files.createDirectories(folder.resolve("pile"));
    return PrivateMounts.after("mount -t tmpfs -o size=1m none \"$1\"", data);
  }

  private static void fill(Path disk) throws IOException {
    FileStore store = Files.getFileStore(disk);
    try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
      byte[] page = new byte[4096];
      while (store.getUsableSpace() >= page.length) {
        out.write(page);
      }
    }
  }

  private void assertFails(Path file, String... said) throws Exception {
    assertFails(List.of(), file, said);
  }

  private void assertFails(List<String> under, Path file, String... said) throws Exception {
    try (Program pile = run(under, file)) {
      assertEquals(FAILED, pile.exit(), pile.said());
      for (String message : said) {
        assertTrue(pile.said().contains(message), message + " is missing in\n" + pile.said());
      }
      assertFalse(pile.said().contains("error of the program"), pile.said());
    }
  }

  private static String awaitWarning(Program pile, String said) throws InterruptedException {
    return pile.await(line -> line.contains(" WARN ") && line.contains(said));
  }

  /** It runs until it is stopped: nobody has to start it again when the trouble is over. */
  private static void assertStops(Program pile) throws InterruptedException {
    pile.terminate();
    assertEquals(STOPPED, pile.exit(), pile.said());
  }

  private Program run(Path file) throws IOException {
    return run(List.of(), file);
  }

  private Program run(List<String> under, Path file) throws IOException {
    return bench.program(() -> {}, under, "run", "--config", file.toString());
  }

  private Path configuration() throws IOException {
    return Files.writeString(
        folder.resolve("pile.toml"),
        """
        [pile]
        id = "p"
        data_dir = "pile"
        [tariff]
        price_msat_per_kwh = 300000
        [gpio]
        %s
        [mqtt]
        broker_url = "%s"
        %s
        [chain]
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile"
        %s
        """
            .formatted(
                gpio,
                broker,
                mqtt,
                node.endpoint().url(),
                ((Credentials.CookieFile) node.endpoint().credentials()).file(),
                chain));
  }
}
