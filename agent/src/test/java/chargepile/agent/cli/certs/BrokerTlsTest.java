package chargepile.agent.cli.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.node.TlsFiles;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.mqtt.PeerListener;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.PrivateKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped broker configuration and ACL, with certificates of the shipped commands. */
final class BrokerTlsTest {
  private static final Path SHIPPED = Path.of("..", "config", "mosquitto");
  private static final String INSTALLED = "/etc/mosquitto/chargepile/";
  private static final long PATIENCE_SECONDS = 30;
  private static final String SESSION = "0123456789abcdef0123456789abcdef";
  private static final Topics PILE = Topics.of("pile-1");

  @TempDir static Path folder;
  private static Path ours;
  private static Path others;
  private static PrivateBroker broker;
  private static URI url;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startBroker() throws Exception {
    ours = folder.resolve("ours");
    others = folder.resolve("others");
    certs("init", ours, "--broker-host", "localhost");
    certs("init", others, "--broker-host", "localhost");
    String piles =
        aclLines("user pile-1", certs("add", ours, "--pile", "pile-1").out())
            + aclLines("user pile-2", certs("add", ours, "--pile", "pile-2").out())
            + aclLines("user kgc", certs("add", ours, "--kgc", "kgc").out());
    certs("add", ours, "--driver", "alice");
    certs("add", ours, "--driver", "bob");
    certs("add", others, "--driver", "alice");
    String said = certs("add", ours, "--client", "home").out();
    certs("add", ours, "--client", "other");
    Files.copy(SHIPPED.resolve("chargepile.acl"), ours.resolve("chargepile.acl"));
    Files.writeString(
        ours.resolve("chargepile.acl"),
        piles + aclLines("user client.home", said) + "topic read homeassistant/#\n",
        StandardOpenOption.APPEND);
    String shipped = Files.readString(SHIPPED.resolve("chargepile.conf"));
    broker =
        RealBroker.start(
            port ->
                shipped
                        .replace(INSTALLED, ours + "/")
                        .replace("listener 8883", "listener %d 127.0.0.1".formatted(port))
                    + "user %s%n".formatted(System.getProperty("user.name")));
    url = URI.create("ssl://localhost:" + broker.url().getPort());
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static CommandRun certs(Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "certs";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    CommandRun run = CommandRun.of(all);
    assertEquals(0, run.exit(), run.err());
    return run;
  }

  /** What the command says to add for a pile, or for a client that may do more. */
  private static String aclLines(String user, String said) {
    List<String> lines =
        said.lines()
            .map(String::strip)
            .filter(line -> line.startsWith("user ") || line.startsWith("topic "))
            .map(line -> line.replace("PILE", "pile-1"))
            .toList();
    assertEquals(user, lines.getFirst());
    return String.join("\n", lines) + "\n";
  }

  private static TlsFiles files(Path trusted, Path folder, String user) {
    return new TlsFiles(
        Optional.of(trusted.resolve("ca.pem")),
        Optional.of(folder.resolve(user + ".pem")),
        Optional.of(folder.resolve(user + ".key")));
  }

  private PahoBus bus(String clientId, TlsFiles tls) throws CommandFailedException {
    PahoBus bus =
        new PahoBus(
            new BrokerSettings(url, clientId, Optional.empty(), tls.context(), Optional.empty()));
    open.add(bus);
    return bus;
  }

  /** A client of ours that wants to hear everything of all piles. */
  private final class Client {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final PahoBus bus;

    Client(String user) throws CommandFailedException, InterruptedException {
      bus = bus(user, files(ours, ours, user));
      bus.subscribe("chargepile/#", this::hear);
      awaitUp(bus);
    }

    private void hear(Bus.Delivery delivery) {
      heard.add(delivery.topic() + "=" + new String(delivery.payload(), StandardCharsets.UTF_8));
    }

    void say(String topic, String text) {
      bus.publish(topic, text.getBytes(StandardCharsets.UTF_8), false);
    }

    void assertHearsFirst(String topic, String text) throws InterruptedException {
      assertEquals(topic + "=" + text, next(heard));
    }
  }

  private static void awaitUp(Bus bus) throws InterruptedException {
    BlockingQueue<Boolean> states = new LinkedBlockingQueue<>();
    bus.onConnection(states::add);
    while (!next(states)) {
      // not yet
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  private static String problemOf(PahoBus bus) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (bus.problem().isEmpty() && System.nanoTime() - until < 0) {
      Thread.sleep(10);
    }
    return bus.problem();
  }

  private static void assertSays(String expected, String said) {
    assertTrue(said.contains(expected), said);
  }

  @Test
  void pileAndDriverTalkWithTheirCertificates() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    Signer signer = Signer.best();
    PrivateKey pileKey = new PrivateKey(new SecureRandom().generateSeed(32));
    PrivateKey driverKey = new PrivateKey(new SecureRandom().generateSeed(32));
    ScheduledExecutorService mailbox = Executors.newSingleThreadScheduledExecutor();
    open.add(mailbox::shutdownNow);
    PahoBus pile = bus("pile", files(ours, ours, "pile-1"));
    TlsFiles alice = files(ours, ours, "driver.alice");
    PahoBus driver = bus("driver", alice);
    Topics topics = PILE.as(alice.user().orElseThrow());
    PeerListener listener =
        new PeerListener(
            environment(pile, mailbox, signer, pileKey), PILE, new Talk("pile", heard));
    awaitUp(pile);
    PeerDialer dialer =
        new PeerDialer(
            environment(driver, mailbox, signer, driverKey),
            topics,
            signer.publicKey(pileKey),
            new Talk("driver", heard));
    assertEquals("driver says hello", next(heard));
    assertEquals("pile says hello", next(heard));
    dialer.close();
    listener.close();
  }

  private static LinkEnvironment environment(
      Bus bus, ScheduledExecutorService mailbox, Signer signer, PrivateKey key) {
    return new LinkEnvironment(
        bus,
        mailbox,
        Scheduler.on(mailbox),
        new SecureRandom(),
        signer,
        key,
        LinkSettings.DEFAULTS);
  }

  /** The driver greets first, the pile when it was greeted. */
  private record Talk(String name, BlockingQueue<String> heard) implements PeerLink.Listener {
    @Override
    public void onOpened(PeerLink link) {
      if (name.equals("driver")) {
        link.send(List.of("driver says hello".getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void onMessages(PeerLink link, List<byte[]> messages) {
      messages.forEach(message -> heard.add(new String(message, StandardCharsets.UTF_8)));
      if (name.equals("pile")) {
        link.send(List.of("pile says hello".getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void onClosed(PeerLink link, String why) {}
  }

  @Test
  void noCertificateIsRefused() throws Exception {
    var none =
        new TlsFiles(Optional.of(ours.resolve("ca.pem")), Optional.empty(), Optional.empty());
    assertSays("it wants a client certificate", problemOf(bus("none", none)));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    assertSays(
        "another authority made it than the one that the broker trusts",
        problemOf(bus("wrong", files(ours, others, "driver.alice"))));
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Authority.open(ours, Instant.now(), new SecureRandom())
        .issue(
            "late",
            "driver.late",
            new CertificateText.Purpose.Client(),
            new Authority.Validity(
                Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z")));
    assertSays(
        "this side's certificate has expired", problemOf(bus("late", files(ours, ours, "late"))));
  }

  @Test
  void theBrokersCertificateIsForNoClient() throws Exception {
    assertSays("is not one for clients", problemOf(bus("broker", files(ours, ours, "broker"))));
  }

  @Test
  void aBrokerOfAnotherAuthorityIsRefused() throws Exception {
    assertSays(
        "no authority that this side trusts made its certificate",
        problemOf(bus("deceived", files(others, ours, "driver.alice"))));
  }

  @Test
  void anOlderTlsIsRefused() throws Exception {
    var context = files(ours, ours, "driver.alice").context().orElseThrow();
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", url.getPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  @Test
  void aPileHasNoOtherPilesTopics() throws Exception {
    var pile = new Client("pile-1");
    var driver = new Client("driver.alice");
    String log =
        logUntil(
            "refuses what this client publishes on chargepile/pile-2/status",
            () -> {
              pile.say("chargepile/pile-2/status", "online");
              pile.say(PILE.status(), "mine");
              driver.assertHearsFirst(PILE.status(), "mine");
            });
    assertSays("check its ACL", log);
  }

  @Test
  void noOtherPileHearsADriversFrames() throws Exception {
    var pile = new Client("pile-1");
    var otherPile = new Client("pile-2");
    var driver = new Client("driver.alice");
    driver.say(PILE.as("driver.alice").toPile(SESSION), "frame");
    pile.assertHearsFirst(PILE.as("driver.alice").toPile(SESSION), "frame");
    pile.say(PILE.status(), "later");
    otherPile.assertHearsFirst(PILE.status(), "later");
  }

  @Test
  void noOtherDriverHearsOrSendsADriversFrames() throws Exception {
    var pile = new Client("pile-1");
    var alice = new Client("driver.alice");
    var bob = new Client("driver.bob");
    Topics hers = PILE.as("driver.alice");
    pile.say(hers.toDriver(SESSION), "frame");
    pile.say(PILE.status(), "later");
    alice.assertHearsFirst(hers.toDriver(SESSION), "frame");
    bob.assertHearsFirst(PILE.status(), "later");
    next(pile.heard); // its own two, which it may hear
    next(pile.heard);
    bob.say(hers.toPile(SESSION), "in her name");
    bob.say(PILE.as("driver.bob").toPile(SESSION), "in his");
    pile.assertHearsFirst(PILE.as("driver.bob").toPile(SESSION), "in his");
  }

  @Test
  void nobodyElseHearsOrSendsTheFramesOfADeviceThatRegisters() throws Exception {
    var kgc = new Client("kgc");
    var pile = new Client("pile-2");
    var bob = new Client("driver.bob");
    Topics its = Topics.ofKgc("kgc").as("pile-2");
    kgc.say(its.toDriver(SESSION), "frame");
    pile.assertHearsFirst(its.toDriver(SESSION), "frame");
    pile.say(Topics.of("pile-2").status(), "later");
    bob.assertHearsFirst(Topics.of("pile-2").status(), "later");
    bob.say(its.toPile(SESSION), "in its name");
    pile.say(its.toPile(SESSION), "its own");
    next(kgc.heard); // what the pile says to all
    kgc.assertHearsFirst(its.toPile(SESSION), "its own");
  }

  @Test
  void whoSendsMoreThanAFrameIsCutOffAndTheOthersGoOn() throws Exception {
    var pile = new Client("pile-1");
    var bob = new Client("driver.bob");
    var options = new MqttConnectionOptions();
    options.setSocketFactory(
        files(ours, ours, "driver.alice").context().orElseThrow().getSocketFactory());
    var alice = new MqttAsyncClient(url.toString(), "alice", new MemoryPersistence());
    open.add(alice::close);
    alice.connect(options).waitForCompletion();
    String hers = PILE.as("driver.alice").toPile(SESSION);
    var sending = alice.publish(hers, new byte[5_000_000], 1, false);
    assertThrows(
        MqttException.class,
        () -> sending.waitForCompletion(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)));
    assertFalse(alice.isConnected());
    bob.say(PILE.as("driver.bob").toPile(SESSION), "frame");
    pile.assertHearsFirst(PILE.as("driver.bob").toPile(SESSION), "frame");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chargepile/pile-1/status",
        "chargepile/pile-1/session",
        "chargepile/pile-1/cmd/stop",
        "chargepile/pile-1/peer/" + SESSION + "/to-pile",
        "chargepile/driver.alice/status",
        "homeassistant/device/driver.alice/config"
      })
  void aDriverWritesNothingButItsFrames(String topic) throws Exception {
    var pile = new Client("pile-1");
    var driver = new Client("driver.alice");
    var home = new Client("client.home");
    home.bus.subscribe("homeassistant/#", home::hear);
    driver.bus.publish(topic, "forged".getBytes(StandardCharsets.UTF_8), true);
    driver.say(PILE.as("driver.alice").toPile(SESSION), "frame");
    pile.assertHearsFirst(PILE.as("driver.alice").toPile(SESSION), "frame");
    pile.say(PILE.status(), "later");
    home.assertHearsFirst(PILE.status(), "later");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info",
        "fault",
        "heartbeat",
        "power_w",
        "energy_import_wh",
        "energy_export_wh",
        "price_msat_per_kwh",
        "contactor"
      })
  void whatAPileSaysOfItselfIsForAllWhomTheBrokerKnows(String topic) throws Exception {
    var pile = new Client("pile-1");
    var driver = new Client("driver.alice");
    pile.say(PILE.session(), "somebody's");
    pile.say(PILE.channel("00"), "somebody's");
    pile.say("chargepile/pile-1/" + topic, "said");
    driver.assertHearsFirst("chargepile/pile-1/" + topic, "said");
  }

  @Test
  void aClientThatTheAclNamesCommandsAndIsAnswered() throws Exception {
    var pile = new Client("pile-1");
    var home = new Client("client.home");
    var other = new Client("client.other");
    other.say(PILE.command("stop"), "not allowed");
    other.say("chargepile/pile-2/cmd/stop", "not allowed");
    home.say("chargepile/pile-2/cmd/stop", "not its pile");
    home.say(PILE.command("stop"), "please");
    pile.assertHearsFirst(PILE.command("stop"), "please");
    pile.say("chargepile/pile-1/answer/client.home/7", "done");
    pile.say(PILE.session(), "ended");
    pile.say(PILE.status(), "later");
    home.assertHearsFirst("chargepile/pile-1/answer/client.home/7", "done");
    home.assertHearsFirst(PILE.session(), "ended");
    other.assertHearsFirst(PILE.status(), "later");
  }

  private interface Doing {
    void go() throws Exception;
  }

  /** What the log says on stderr meanwhile, until it says {@code expected}. */
  private static String logUntil(String expected, Doing doing) throws Exception {
    PrintStream before = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      doing.go();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!log.toString(StandardCharsets.UTF_8).contains(expected)
          && System.nanoTime() - until < 0) {
        Thread.sleep(10);
      }
    } finally {
      System.setErr(before);
    }
    String said = log.toString(StandardCharsets.UTF_8);
    assertSays(expected, said);
    return said;
  }
}
