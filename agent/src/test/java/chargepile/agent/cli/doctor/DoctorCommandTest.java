package chargepile.agent.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.ReadJson;
import chargepile.agent.cli.certs.ExpiredCertificate;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Over a real broker with the shipped rules and a real node: all well, and each trouble by name.
 */
final class DoctorCommandTest {
  private static final Path SHIPPED = Path.of("..", "config", "mosquitto");
  private static final String INSTALLED = "/etc/mosquitto/chargepile/";

  @TempDir static Path folder;
  private static Path ours;
  private static Path others;
  private static PrivateBroker broker;
  private static RegtestNode node;

  private Path file;
  private String text;

  @BeforeAll
  static void startPeers() throws Exception {
    ours = folder.resolve("ours");
    others = folder.resolve("others");
    for (Path authority : List.of(ours, others)) {
      certs("init", authority, "--broker-host", "localhost");
      certs("add", authority, "--pile", "pile-1");
    }
    certs("add", ours, "--pile", "pile-2");
    ExpiredCertificate.issue(ours, "late", "pile-1");
    Files.writeString(
        ours.resolve("chargepile.acl"),
        Files.readString(SHIPPED.resolve("chargepile.acl"))
            + """
            user pile-1
            topic readwrite chargepile/pile-1/#
            user pile-2
            topic readwrite chargepile/pile-2/#
            """);
    String shipped = Files.readString(SHIPPED.resolve("chargepile.conf"));
    broker =
        RealBroker.start(
            port ->
                shipped
                        .replace(INSTALLED, ours + "/")
                        .replace("listener 8883", "listener %d 0.0.0.0".formatted(port))
                    + "user %s%n".formatted(System.getProperty("user.name")));
    node = RegtestNode.start();
    node.createWallet("pile");
    node.createWallet("spare");
    node.unloadWallet("spare");
    try (BitcoindWallet wallet =
        new BitcoindWallet(node.endpoint(), "pile", ReservedCoins.UNKEPT)) {
      var unused = node.fund(wallet.freshScript(), new Satoshi(200_000));
    }
  }

  @AfterAll
  static void stopPeers() {
    if (broker != null) {
      broker.close();
    }
    if (node != null) {
      node.close();
    }
  }

  private static void certs(Object... arguments) {
    CommandRun run =
        CommandRun.of(Stream.concat(Stream.of("certs"), Stream.of(arguments)).toArray());
    assertEquals(0, run.exit(), run.err());
  }

  /** A pile of its own for each test, with which all is well. */
  @BeforeEach
  void configure(@TempDir Path own) {
    file = own.resolve("pile.toml");
    text =
        """
        [pile]
        id = "pile-1"
        data_dir = "data"
        [gpio]
        backend = "simulated"
        [tariff]
        price_msat_per_kwh = 300000
        [mqtt]
        broker_url = "ssl://localhost:%d"
        ca_file = "%s/ca.pem"
        certificate_file = "%s/pile-1.pem"
        key_file = "%s/pile-1.key"
        [chain]
        network = "regtest"
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile"
        """
            .formatted(
                broker.url().getPort(),
                ours,
                ours,
                ours,
                node.endpoint().url(),
                ((Credentials.CookieFile) node.endpoint().credentials()).file());
  }

  private void set(String old, String now) {
    assertTrue(text.contains(old), text);
    text = text.replace(old, now);
  }

  private CommandRun doctor(String... options) throws IOException {
    Files.writeString(file, text);
    return CommandRun.of(
        Stream.concat(Stream.of("doctor", "--config", file), Stream.of(options)).toArray());
  }

  /** The command fails, and the check says so with this advice on the next line. */
  private static void assertFails(CommandRun run, String check, String what, String advice) {
    assertEquals(1, run.exit(), run.out());
    assertFinding(run, "FAIL", check, what, advice);
  }

  private static void assertFinding(
      CommandRun run, String verdict, String check, String what, String advice) {
    String last = "";
    List<String> lines = run.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() < 25) {
        continue;
      }
      String name = line.substring(9, 22).strip();
      last = name.isEmpty() ? last : name;
      if (line.startsWith(verdict) && last.equals(check) && line.contains(what)) {
        if (!advice.isEmpty()) {
          assertTrue(
              lines.get(i + 1).contains("-> ") && lines.get(i + 1).contains(advice), run.out());
        }
        return;
      }
    }
    throw new AssertionError(
        "no %s of %s that says \"%s\":%n%s".formatted(verdict, check, what, run.out()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void withAPileThatIsWellItExitsWithZero() throws Exception {
    CommandRun run = doctor();
    assertEquals(0, run.exit(), run.out() + run.err());
    assertFinding(run, "OK", "configuration", "pile-1", "");
    assertFinding(run, "OK", "certificates", "the pile's certificate", "");
    assertFinding(run, "OK", "certificates", "the certificate of ssl://localhost", "");
    assertFinding(run, "OK", "broker", "TLS 1.3, login, and back in", "");
    assertFinding(run, "OK", "node", "on regtest, block 111", "");
    assertFinding(run, "OK", "wallet", "has \"pile\" loaded", "");
    assertFinding(run, "OK", "fee reserve", "the wallet holds 200 000 sat", "");
    assertFinding(run, "OK", "outage", "to_self_delay 144 blocks: survives about 24 h", "");
    assertFinding(run, "OK", "disk", "is not there yet", "");
    assertFinding(run, "SKIPPED", "gpio", "simulated", "");
    assertFalse(Files.exists(file.resolveSibling("data")), "nothing is made");
  }

  @Test
  void aBrokerThatIsGoneIsSaid() throws Exception {
    set("localhost:" + broker.url().getPort(), "localhost:" + freePort());
    CommandRun run = doctor();
    assertFails(run, "broker", "nothing answers there", "systemctl status mosquitto");
    assertFinding(run, "SKIPPED", "certificates", "the broker's is not seen", "");
    assertFinding(run, "OK", "node", "regtest", "");
  }

  @Test
  void aHostThatNobodyKnowsIsSaid() throws Exception {
    set("localhost:", "broker.invalid:");
    assertFails(doctor(), "broker", "no host has the name broker.invalid", "mqtt.broker_url");
  }

  @Test
  void aBrokerOfAnotherAuthorityIsSaid() throws Exception {
    set(ours + "/ca.pem", others + "/ca.pem");
    CommandRun run = doctor();
    assertFails(run, "certificates", "was not made by the authority in", "ca.pem");
    assertFails(run, "broker", "no authority that this side trusts", "see certificates");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsSaid() throws Exception {
    set(ours + "/pile-1", others + "/pile-1");
    CommandRun run = doctor();
    assertFails(run, "broker", "another authority made it", "the broker's log");
    assertFinding(run, "WARN", "certificates", "was not made by the authority in", "");
  }

  @Test
  void anExpiredCertificateIsSaid() throws Exception {
    set(ours + "/pile-1", ours + "/late");
    CommandRun run = doctor();
    assertFails(run, "certificates", "expired at 2021-01-01T00:00:00Z", "chargepile certs add");
    assertFails(run, "broker", "this side's certificate has expired", "");
  }

  @Test
  void aKeyOfAnotherCertificateIsSaid() throws Exception {
    set("pile-1.key", "pile-2.key");
    CommandRun run = doctor();
    assertFails(run, "certificates", "pile-2.key is not the key of", "certs add");
    assertFails(run, "broker", "is not the key of", "");
  }

  @Test
  void topicsThatTheBrokerKeepsFromItAreSaid() throws Exception {
    set(ours + "/pile-1", ours + "/pile-2");
    CommandRun run = doctor();
    assertFails(run, "broker", "does not come back", "chargepile/pile-1/# to read and to write");
    assertFinding(run, "WARN", "certificates", "made out to pile-2", "--pile pile-1");
  }

  @Test
  void aBrokerOfAnotherNameIsSaid() throws Exception {
    set("ssl://localhost", "ssl://127.0.0.2");
    CommandRun run = doctor();
    assertFails(run, "certificates", "is for ", "--broker-host 127.0.0.2");
    assertFails(run, "broker", "for other names", "");
  }

  @Test
  void aNodeThatIsGoneIsSaidAndTheRestLookedAt() throws Exception {
    set(":" + node.endpoint().url().getPort(), ":" + freePort());
    CommandRun run = doctor();
    assertFails(run, "node", "can't be reached", "systemctl status bitcoind");
    assertFinding(run, "SKIPPED", "wallet", "can't be asked", "");
    assertFinding(run, "OK", "broker", "login", "");
  }

  @Test
  void aNodeThatHangsHoldsUpNothingElse() throws Exception {
    node.pause();
    try {
      CommandRun run = doctor();
      assertFails(run, "node", "does not answer", "systemctl status bitcoind");
      assertFinding(run, "OK", "broker", "login", "");
    } finally {
      node.resume();
    }
  }

  @Test
  void aNodeOfAnotherNetworkIsSaid() throws Exception {
    set("\"regtest\"", "\"signet\"");
    assertFails(doctor(), "node", "on the network regtest", "chain.network");
  }

  @Test
  void aWalletThatIsNotLoadedIsSaid() throws Exception {
    set("\"pile\"", "\"spare\"");
    assertFails(doctor(), "wallet", "has not loaded it", "loadwallet filename=spare");
  }

  @Test
  void aWalletThatIsNotThereIsSaid() throws Exception {
    set("\"pile\"", "\"none\"");
    assertFails(doctor(), "wallet", "no wallet \"none\"", "createwallet wallet_name=none");
  }

  @Test
  void asSecondNodeTheSameOneAgrees() throws Exception {
    Path cookie = ((Credentials.CookieFile) node.endpoint().credentials()).file();
    text +=
        """
        second_rpc_url = "%s"
        second_cookie_file = "%s"
        """
            .formatted(node.endpoint().url().toString().replace("127.0.0.1", "localhost"), cookie);
    assertFinding(doctor(), "OK", "second node", "both have the same block 110", "");
  }

  @Test
  void aChipThatIsNotThereIsSaid() throws Exception {
    set("\"simulated\"", "\"pi\"\nchip = \"/dev/gpiochip99\"");
    CommandRun run = doctor();
    assertFails(run, "gpio", "GPIO chip /dev/gpiochip99", "gpio.chip");
    assertFinding(run, "SKIPPED", "meter", "see gpio", "");
  }

  @Test
  void aSeedThatIsLostIsSaid() throws Exception {
    Files.createDirectory(file.resolveSibling("data"));
    Files.writeString(file.resolveSibling("data/pile.db"), "not a database at all");
    CommandRun run = doctor();
    assertFails(run, "seed", "seed is missing", "put back the copy");
    assertFails(run, "store", "damaged", "chargepile restore --replace-damaged");
  }

  @Test
  void aConfigurationThatIsWrongIsSaidByLineAndNothingElseIsGuessed() throws Exception {
    set("price_msat_per_kwh = 300000", "price_msat_per_kwh = -1");
    CommandRun run = doctor();
    assertFails(run, "configuration", "pile.toml:7:1: tariff.price_msat_per_kwh", "correct it in");
    assertFinding(run, "SKIPPED", "all else", "nothing can be told", "");
    assertFinding(run, "OK", "version", "chargepile", "");
  }

  @Test
  void aProgramIsToldTheSameInJson() throws Exception {
    set("\"pile\"", "\"none\"");
    CommandRun run = doctor("--json");
    assertEquals(1, run.exit());
    assertEquals(1, run.lines().size());
    var report = ReadJson.object(run.out());
    assertEquals("false", ReadJson.text(report, "ok"));
    assertEquals("configuration", ReadJson.text(report, "findings.0.check"));
    assertEquals("OK", ReadJson.text(report, "findings.0.verdict"));
    assertTrue(run.out().contains("\"check\":\"wallet\",\"verdict\":\"FAIL\""), run.out());
  }
}
