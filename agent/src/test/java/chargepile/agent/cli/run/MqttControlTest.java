package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.bitcoind.ReservedCoins;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon behind the shipped broker configuration and ACL, driven by {@code mosquitto_pub} and
 * {@code mosquitto_sub} over TLS 1.3 with certificates of the shipped commands.
 */
final class MqttControlTest {
  private static final Path SHIPPED = Path.of("..", "config", "mosquitto");
  private static final String INSTALLED = "/etc/mosquitto/chargepile/";
  private static final String ANSWERS = "chargepile/pile-1/answer/client.home/";
  private static final Pattern DRIVER = Pattern.compile("\"driver\":\"([0-9a-f]{66})\"");

  @TempDir static Path folder;
  private static Path certs;
  private static Path strangers;
  private static PrivateBroker broker;
  private static RegtestNode node;
  private static Program pile;
  private static String address;
  private static MosquittoClients clients;
  private static MosquittoClients.Listener answers;
  private static int asked;

  @BeforeAll
  static void start() throws Exception {
    RealBroker.require();
    certs = folder.resolve("certs");
    strangers = folder.resolve("strangers");
    certs("init", certs, "--broker-host", "localhost");
    certs("init", strangers, "--broker-host", "localhost");
    certs("add", certs, "--pile", "pile-1");
    certs("add", certs, "--pile", "pile-2");
    certs("add", certs, "--driver", "alice");
    certs("add", certs, "--client", "home");
    certs("add", certs, "--client", "other");
    certs("add", strangers, "--client", "home");
    Files.copy(SHIPPED.resolve("chargepile.acl"), certs.resolve("chargepile.acl"));
    Files.writeString(
        certs.resolve("chargepile.acl"),
        """
        user pile-1
        topic readwrite chargepile/pile-1/#
        topic write homeassistant/device/pile-1/config
        user pile-2
        topic readwrite chargepile/pile-2/#
        topic write homeassistant/device/pile-2/config
        user client.home
        topic write chargepile/pile-1/cmd/+
        topic read chargepile/pile-1/session
        topic read chargepile/pile-1/channel/+
        topic readwrite homeassistant/#
        """,
        StandardOpenOption.APPEND);
    String shipped = Files.readString(SHIPPED.resolve("chargepile.conf"));
    int[] port = new int[1];
    broker =
        RealBroker.start(
            free -> {
              port[0] = free;
              return shipped
                      .replace(INSTALLED, certs + "/")
                      .replace("listener 8883", "listener %d 127.0.0.1".formatted(free))
                  + "user %s%n".formatted(System.getProperty("user.name"));
            });
    clients = new MosquittoClients(certs, port[0]);
    node = RegtestNode.start();
    node.createWallet("pile");
    node.createWallet("driver");
    try (BitcoindWallet wallet =
        new BitcoindWallet(node.endpoint(), "driver", ReservedCoins.UNKEPT)) {
      node.fund(wallet.freshScript(), new Satoshi(1_000_000));
    }
    configure(port[0]);
    // A command from before the pile was there.
    assertEquals(0, publish("cmd/stop", "-r", "-m", "{}").exit());
    assertEquals(List.of("chargepile/pile-1/cmd/stop"), retainedCommands());
    pile = new Program(() -> {}, "run", "--config", folder.resolve("pile.toml").toString());
    address = pile.await(line -> line.startsWith("chargepile:"));
    answers = clients.listen("client.home", ANSWERS + "#");
  }

  private static void configure(int port) throws IOException {
    Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,20000\n600,0\n");
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
        [mqtt]
        broker_url = "ssl://localhost:%d"
        ca_file = "certs/ca.pem"
        certificate_file = "certs/pile-1.pem"
        key_file = "certs/pile-1.key"
        heartbeat_s = 5
        [chain]
        rpc_url = "%s"
        cookie_file = "%s"
        wallet = "pile"
        [channel]
        minimum_depth_blocks = 1
        """
            .formatted(port, node.endpoint().url(), cookie()));
  }

  private static Path cookie() {
    return ((Credentials.CookieFile) node.endpoint().credentials()).file();
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {answers, pile, node, broker}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static void certs(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("certs"));
    all.addAll(List.of(arguments));
    CommandRun run = CommandRun.of(all.toArray());
    assertEquals(0, run.exit(), run.err());
  }

  private static MosquittoClients.Result publish(String topic, String... more)
      throws IOException, InterruptedException {
    return clients.publish("client.home", "chargepile/pile-1/" + topic, more);
  }

  private static List<String> retainedCommands() throws IOException, InterruptedException {
    return clients.retained("pile-1", "chargepile/pile-1/cmd/+");
  }

  /** The pile clears them one a second. */
  private static void awaitNoRetainedCommand() throws IOException, InterruptedException {
    List<String> left = retainedCommands();
    for (int i = 0; i < 20 && !left.isEmpty(); i++) {
      Thread.sleep(500);
      left = retainedCommands();
    }
    assertEquals(List.of(), left);
  }

  /** Commands as {@code client.home}, and gives the answer's payload. */
  private static String ask(String verb, String payload, String... more)
      throws IOException, InterruptedException {
    String correlation = "c" + ++asked;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                "publish",
                "response-topic",
                ANSWERS + verb,
                "-D",
                "publish",
                "correlation-data",
                correlation));
    arguments.addAll(payload.isEmpty() ? List.of("-n") : List.of("-m", payload));
    arguments.addAll(List.of(more));
    MosquittoClients.Result published = publish("cmd/" + verb, arguments.toArray(String[]::new));
    assertEquals(0, published.exit(), published.said());
    String[] parts = answers.message().split("\\|", 3);
    assertEquals(ANSWERS + verb, parts[0]);
    assertEquals(correlation, parts[1]);
    return parts[2];
  }

  private static String now() {
    return "{\"at\": \"%s\"}".formatted(Instant.now());
  }

  private static String done(String verb) {
    return "{\"verb\":\"%s\",\"done\":true}".formatted(verb);
  }

  private static void assertRefused(String verb, String code, String answer) {
    assertTrue(
        answer.startsWith("{\"verb\":\"%s\",\"done\":false,\"code\":\"%s\"".formatted(verb, code)),
        answer);
  }

  @Test
  void aSessionIsPausedResumedLimitedAndStoppedAndItsChannelClosed() throws Exception {
    try (Program driver = driver();
        MosquittoClients.Listener contactor =
            clients.listen("client.other", "chargepile/pile-1/contactor");
        MosquittoClients.Listener session =
            clients.listen("client.home", "chargepile/pile-1/session")) {
      driver.await(line -> line.startsWith("paid "));
      assertEquals(done("limit"), ask("limit", "{\"energy_wh\": 100000}"));
      assertEquals(done("pause"), ask("pause", ""));
      contactor.await(line -> line.endsWith("|closed"));
      contactor.await(line -> line.endsWith("|open"));
      assertRefused("start", "refused", ask("start", now()));
      assertEquals(done("resume"), ask("resume", now()));
      contactor.await(line -> line.endsWith("|closed"));
      String now = Instant.now().toString();
      assertEquals(
          done("stop"), ask("stop", "{\"text\": \"closing time\", \"at\": \"" + now + "\"}"));
      contactor.await(line -> line.endsWith("|open"));
      String ended = session.await(line -> line.contains("\"phase\":\"Ended\""));
      assertTrue(ended.contains("\"text\":\"closing time\""), ended);
      Matcher named = DRIVER.matcher(ended);
      assertTrue(named.find(), ended);
      driver.await(line -> line.startsWith("session ended"));
      String close = "{\"driver\": \"%s\"}".formatted(named.group(1));
      assertEquals(done("close-channel"), ask("close-channel", close));
      assertEquals(done("clear-faults"), ask("clear-faults", ""));
    }
  }

  private static Program driver() throws IOException {
    return new Program(
        () -> {
          if (node.mempool().size() > 0) {
            node.mine(1);
          }
        },
        "driver",
        "charge",
        "--pile=" + address,
        "--data=" + folder.resolve("driver"),
        "--rpc-url=" + node.endpoint().url(),
        "--rpc-cookie=" + cookie(),
        "--rpc-wallet=driver",
        "--max-price=10000000",
        "--broker=" + "ssl://localhost:" + broker.url().getPort(),
        "--broker-ca=" + certs.resolve("ca.pem"),
        "--broker-certificate=" + certs.resolve("driver.alice.pem"),
        "--broker-key=" + certs.resolve("driver.alice.key"));
  }

  @Test
  void whatIsNoCommandIsRefusedWithTheReason() throws Exception {
    assertRefused("reboot", "unknown-verb", ask("reboot", ""));
    assertRefused("limit", "malformed", ask("limit", "{\"energy_kwh\": 5}"));
    assertRefused("stop", "too-long", ask("stop", "x".repeat(2000)));
    assertRefused("start", "stale", ask("start", "{\"at\": \"2020-01-01T00:00:00Z\"}"));
  }

  @Test
  void aRetainedCommandIsRefusedAndCleared() throws Exception {
    awaitNoRetainedCommand(); // the one from before the pile was there
    assertRefused("pause", "retained", ask("pause", "{}", "-r"));
    awaitNoRetainedCommand();
  }

  @Test
  void noAnswerGoesElsewhereThanToAnswers() throws Exception {
    try (MosquittoClients.Listener forged = clients.listen("pile-1", "chargepile/pile-1/forged")) {
      publish(
          "cmd/clear-faults", "-n", "-D", "publish", "response-topic", "chargepile/pile-1/forged");
      assertEquals(done("clear-faults"), ask("clear-faults", ""));
      clients.publish("pile-1", "chargepile/pile-1/forged", "-m", "later");
      assertEquals("chargepile/pile-1/forged||later", forged.message());
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    MosquittoClients.Result refused =
        clients.publish(strangers, "client.home", "chargepile/pile-1/cmd/stop", "-n");
    assertNotEquals(0, refused.exit(), refused.said());
  }

  @Test
  void nobodyElseCommandsThisPile() throws Exception {
    for (String user : List.of("driver.alice", "client.other", "pile-2")) {
      String saysNo =
          clients
              .publish(
                  user,
                  "chargepile/pile-1/cmd/pause",
                  "-n",
                  "-D",
                  "publish",
                  "response-topic",
                  ANSWERS + "forged")
              .said();
      assertTrue(saysNo.contains("Not authorized"), user + ": " + saysNo);
    }
    // The next answer is the one to this, so that none of those before was a command.
    assertEquals(done("clear-faults"), ask("clear-faults", ""));
  }

  @Test
  void homeAssistantFindsThePileByItsOwnWord() throws Exception {
    String topic = "homeassistant/device/pile-1/config";
    try (MosquittoClients.Listener home = clients.listen("client.home", topic)) {
      String document = home.message();
      assertTrue(document.startsWith(topic + "||{\"device\":"), document);
      assertTrue(document.contains("\"command_topic\":\"chargepile/pile-1/cmd/pause\""), document);
    }
    for (String other : List.of("pile-2", "driver.alice", "client.other")) {
      String saysNo = clients.publish(other, topic, "-m", "{}").said();
      assertTrue(saysNo.contains("Not authorized"), other + ": " + saysNo);
    }
  }

  @Test
  void itBeats() throws Exception {
    try (MosquittoClients.Listener other =
        clients.listen("client.other", "chargepile/pile-1/heartbeat")) {
      String beat = other.message();
      assertTrue(beat.contains("\"every_s\":5,"), beat);
    }
  }

  @Test
  void thisClientCommandsNoOtherPile() throws Exception {
    String saysNo = clients.publish("client.home", "chargepile/pile-2/cmd/pause", "-n").said();
    assertTrue(saysNo.contains("Not authorized"), saysNo);
  }

  @Test
  void anAnswerIsForItsClientAlone() throws Exception {
    try (MosquittoClients.Listener other =
        clients.listen("client.other", "chargepile/pile-1/answer/#")) {
      assertTrue(ask("resume", now()).contains("\"done\":false"));
      clients.publish("pile-1", "chargepile/pile-1/answer/client.other/1", "-m", "its own");
      assertEquals("chargepile/pile-1/answer/client.other/1||its own", other.message());
    }
  }
}
