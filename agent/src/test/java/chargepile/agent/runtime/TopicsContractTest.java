package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.mqtt.PeerListener;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code config/topics.asyncapi.yaml} is sound AsyncAPI, and true: all that a pile and a driver
 * say, and all that the pile understands, is in it as it says, and nothing is in it that is never
 * said.
 */
@Timeout(180)
final class TopicsContractTest {
  private static final Path CONTRACT = Path.of("..", "config", "topics.asyncapi.yaml");
  private static final Topics PILE = TwoNodes.TOPICS;
  private static final long PATIENCE_SECONDS = 120;
  private static final SessionId SESSION = new SessionId(new ByteVector("12".repeat(16)));
  private static final Duration LONG = Duration.ofHours(1);

  private record Said(Bus.Delivery message, String sender) {}

  @TempDir private Path folder;
  private final List<Said> said = new CopyOnWriteArrayList<>();
  private int asked;

  @Test
  void codeAndContractAgree() throws Exception {
    Path checker = checker();
    wholeSession();
    paidInAToken();
    driverWithAName();
    deviceAtTheKgc(Topics.ofKgc("kgc"));
    deviceAtTheKgc(Topics.ofKgc("kgc").as("pile-1"));
    Path messages = Files.writeString(folder.resolve("messages.json"), json());
    assertEquals(List.of(), run(checker, CONTRACT, messages));
    assertTrue(said.size() > 100, () -> said.size() + " messages");
  }

  @Test
  void theCheckFindsWhatIsNotInTheContract() throws Exception {
    Path checker = checker();
    say("chargepile/test/mood", "good", true, "pile");
    say(PILE.powerW(), "much", true, "pile");
    say(PILE.contactor(), "open", false, "pile");
    say(PILE.session(), "{\"plugged\":true,\"colour\":\"red\"}", true, "pile");
    say(PILE.command("limit"), "{}", false, "other");
    say(PILE.command("start"), "{}", false, "other");
    say(PILE.status(), "online", true, "other");
    Path messages = Files.writeString(folder.resolve("messages.json"), json());
    List<String> found = run(checker, CONTRACT, messages);
    for (String expected :
        List.of(
            "chargepile/test/mood is on 0 channels",
            PILE.powerW() + " data must match pattern",
            PILE.contactor() + " retained: false, not true",
            PILE.session() + " data must NOT have additional properties",
            PILE.command("limit") + " data must have required property 'energy_wh'",
            PILE.command("start") + " data must have required property 'at'",
            PILE.status() + " was sent by other, not pile",
            "chargepile/{pile}/info is never seen")) {
      assertTrue(found.stream().anyMatch(line -> line.startsWith(expected)), found::toString);
    }
  }

  private void say(String topic, String payload, boolean retained, String sender) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    said.add(new Said(new Bus.Delivery(topic, bytes, retained), sender));
  }

  /**
   * Every command, in a session that is opened, charged, paused, stopped, begun anew and closed.
   */
  private void wholeSession() {
    try (TwoNodes nodes =
            watched(new TwoNodes(TwoNodes.Terms.USUAL.with(keepingChannels()))).start();
        PileCommands commands =
            new PileCommands(
                nodes.pileBus, PILE, new TwoNodes.VirtualTime(nodes.clock), nodes.pile::command);
        Heartbeat heartbeat =
            new Heartbeat(
                nodes.pileBus,
                PILE,
                new TwoNodes.VirtualTime(nodes.clock),
                Duration.ofSeconds(30),
                nodes.chain::tip,
                Runnable::run,
                nodes.pile)) {
      assertTrue(commands != null && heartbeat != null);
      HomeAssistant home =
          new HomeAssistant(PILE, "homeassistant", Duration.ofSeconds(30), Denomination.SATOSHI);
      home.announce(nodes.pileBus, true);
      nodes.open();
      nodes.chargeUntil(50_000);
      command(nodes, "limit", "{\"energy_wh\": 400}", true);
      command(nodes, "pause", "", true);
      assertTrue(phase(nodes) instanceof Phase.Paused);
      command(nodes, "resume", at(nodes), true);
      nodes.chargeUntil(100_000);
      command(nodes, "start", at(nodes), false);
      command(nodes, "stop", "{\"text\": \"closing time\"}", true);
      nodes.runUntil("the end of the session", nodes::isEnded, LONG);
      command(nodes, "start", at(nodes), true);
      nodes.runUntil("another session", () -> phase(nodes) instanceof Phase.Charging, LONG);
      command(nodes, "clear-faults", "", true);
      command(nodes, "stop", "", true);
      nodes.runUntil("its end", nodes::isEnded, LONG);
      String driver = new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId().toHex();
      command(nodes, "close-channel", "{\"driver\": \"" + driver + "\"}", true);
      nodes.run(Duration.ofSeconds(1));
      home.announce(nodes.pileBus, false);
    }
  }

  /** What a pile on an EVM chain says in other words. */
  private void paidInAToken() {
    var timers = Executors.newSingleThreadScheduledExecutor();
    MemoryBroker broker =
        new MemoryBroker(Scheduler.on(timers), MemoryBroker.Faults.NONE, new SecureRandom());
    PublicKey key = TwoNodes.SIGNER.publicKey(new PrivateKey(TwoNodes.seed("pile")));
    try (Bus bus =
        new WatchedBus(
            broker.connect(Optional.empty()), message -> said.add(new Said(message, "pile")))) {
      PileTopics topics =
          new PileTopics(
              bus,
              PILE,
              Scheduler.on(timers),
              Runnable::run,
              key,
              key,
              new PaidIn.Token(
                  31_337,
                  EvmAddress.of("0x" + "ab".repeat(20)),
                  EvmAddress.of("0x" + "cd".repeat(20))),
              TwoNodes.PILE,
              true);
      topics.publish(new PileDocument.Price(TwoNodes.PILE.tariff()));
      topics.publish(
          new PileDocument.ChannelStatus(
              key, "ef".repeat(32), "Normal", 3, new Amount(5), new Amount(7)));
      topics.publish(
          new PileDocument.Session(
              true,
              SESSION,
              key,
              "Charging",
              Optional.empty(),
              "",
              MilliWattHours.ZERO,
              MilliWattHours.ZERO,
              SessionTotals.start(SESSION),
              MilliWattHours.ZERO));
      topics.publishAll();
    } finally {
      timers.shutdownNow();
    }
  }

  private static String at(TwoNodes nodes) {
    return "{\"at\": \"%s\"}".formatted(nodes.clock.instant());
  }

  /** A pile whose channels outlive a session. */
  private static PileSettings keepingChannels() {
    PileSettings usual = TwoNodes.PILE;
    return new PileSettings(
        usual.meter(),
        usual.plausibility(),
        usual.tariff(),
        usual.exposure(),
        usual.directions(),
        usual.switching(),
        usual.peerTimeout(),
        usual.offerTimeout(),
        usual.closeTimeout(),
        usual.storeEvery(),
        usual.storeEveryEnergy(),
        false,
        usual.closeWhenSilent());
  }

  private static Phase phase(TwoNodes nodes) {
    return nodes.pile.state().session().orElseThrow().phase();
  }

  /** A link of a driver that the broker knows by name. */
  private void driverWithAName() {
    TwoNodes nodes = watched(new TwoNodes(TwoNodes.Terms.USUAL));
    nodes.driverTopics = PILE.as("driver.alice");
    nodes.publishPeer = false;
    try (nodes) {
      nodes.start().open();
    }
  }

  /** A link of a device that registers; the KGC's side is the one that sends. */
  private void deviceAtTheKgc(Topics topics) {
    var timers = Executors.newSingleThreadScheduledExecutor();
    var opened = new CountDownLatch(2);
    PeerLink.Listener listener =
        new PeerLink.Listener() {
          @Override
          public void onOpened(PeerLink link) {
            opened.countDown();
          }

          @Override
          public void onMessages(PeerLink link, List<byte[]> messages) {}

          @Override
          public void onClosed(PeerLink link, String why) {}
        };
    MemoryBroker broker =
        new MemoryBroker(Scheduler.on(timers), MemoryBroker.Faults.NONE, new SecureRandom());
    PrivateKey kgc = new PrivateKey(TwoNodes.seed("kgc"));
    PrivateKey device = new PrivateKey(TwoNodes.seed("device"));
    try (var listening =
            new PeerListener(links(broker, "pile", timers, kgc), Topics.ofKgc("kgc"), listener);
        var dialing =
            new PeerDialer(
                links(broker, "other", timers, device),
                topics,
                TwoNodes.SIGNER.publicKey(kgc),
                listener)) {
      assertTrue(
          opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS),
          () -> listening.discarded() + " " + dialing.discarded());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      timers.shutdownNow();
    }
  }

  private LinkEnvironment links(
      MemoryBroker broker, String sender, ScheduledExecutorService timers, PrivateKey key) {
    return new LinkEnvironment(
        new WatchedBus(
            broker.connect(Optional.empty()), message -> said.add(new Said(message, sender))),
        timers,
        Scheduler.on(timers),
        new SecureRandom(),
        TwoNodes.SIGNER,
        key,
        LinkSettings.DEFAULTS);
  }

  private TwoNodes watched(TwoNodes nodes) {
    nodes.pileMarket = Optional.of(StillMarket.withAnIdleDesk());
    nodes.pileBus = new WatchedBus(nodes.pileBus, message -> said.add(new Said(message, "pile")));
    nodes.driverBus =
        new WatchedBus(nodes.driverBus, message -> said.add(new Said(message, "other")));
    return nodes;
  }

  /** Gives a command; it is answered with done, or not. */
  private void command(TwoNodes nodes, String verb, String payload, boolean done) {
    Bus client = nodes.broker.connect(Optional.empty());
    List<String> answers = new CopyOnWriteArrayList<>();
    String topic = "chargepile/test/answer/client.home/" + ++asked;
    var unused =
        client.subscribe(
            topic, answer -> answers.add(new String(answer.payload(), StandardCharsets.UTF_8)));
    say(PILE.command(verb), payload, false, "other");
    client.publish(
        PILE.command(verb),
        payload.getBytes(StandardCharsets.UTF_8),
        false,
        Bus.Properties.request(topic, ByteVector.empty));
    nodes.runUntil("the answer", () -> !answers.isEmpty(), LONG);
    assertTrue(answers.getFirst().contains("\"done\":" + done), answers::toString);
    client.close();
  }

  /** What was said, for the checker; a message that is like another only once. */
  private String json() {
    Set<String> lines = new TreeSet<>();
    for (Said each : said) {
      lines.add(
          Json.object()
              .put("topic", each.message().topic())
              .put("base64", Base64.getEncoder().encodeToString(each.message().payload()))
              .put("retained", each.message().retained())
              .put("sender", each.sender())
              .end()
              .toString());
    }
    return "[" + String.join(",\n", lines) + "]";
  }

  /** The script that checks, where the build could fetch what it stands on. */
  private static Path checker() {
    String peers = System.getProperty("chargepile.peers");
    Path script = Path.of(peers == null ? "" : peers, "asyncapi", "contract.js");
    if (!Files.isRegularFile(script) || !Files.isDirectory(script.resolveSibling("node_modules"))) {
      return Assumptions.abort("skipped: no AsyncAPI parser in chargepile.peers; it needs npm");
    }
    return script;
  }

  private List<String> run(Path checker, Path contract, Path messages) throws Exception {
    Path output = folder.resolve("problems");
    Process node =
        new ProcessBuilder("node", checker.toString(), contract.toString(), messages.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(node.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "node does not come to an end");
    } finally {
      node.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertEquals(0, node.exitValue(), () -> String.join("\n", lines));
    return lines;
  }
}
