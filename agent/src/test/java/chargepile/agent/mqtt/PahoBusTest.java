package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real mosquitto. */
final class PahoBusTest {
  private static final long PATIENCE_SECONDS = 30;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> connections = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private PrivateBroker broker() {
    PrivateBroker broker = PrivateBrokerTest.start();
    open.add(broker);
    return broker;
  }

  private PahoBus bus(URI url, String clientId) {
    PahoBus bus = new PahoBus(BrokerSettings.of(url, clientId));
    open.add(bus);
    return bus;
  }

  private void hear(Bus.Delivery delivery) {
    heard.add(
        delivery.topic()
            + "="
            + new String(delivery.payload(), StandardCharsets.UTF_8)
            + (delivery.retained() ? " (retained)" : ""));
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  private static void awaitUp(Bus bus) throws InterruptedException {
    BlockingQueue<Boolean> states = new LinkedBlockingQueue<>();
    bus.onConnection(states::add);
    while (!next(states)) {
      // not yet
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatOnePublishesTheOtherHears() throws Exception {
    URI url = broker().url();
    PahoBus a = bus(url, "a");
    PahoBus b = bus(url, "b");
    awaitUp(a);
    awaitUp(b);
    b.subscribe("x/+/z", this::hear);
    b.publish("x/self/z", bytes("1"), false);
    assertEquals("x/self/z=1", next(heard));
    a.publish("x/other", bytes("no"), false);
    a.publish("x/y/z", bytes("2"), false);
    assertEquals("x/y/z=2", next(heard));
    assertEquals("mqtt " + url, a.name());
  }

  @Test
  void aSubscriptionMadeBeforeTheConnectionHolds() throws Exception {
    URI url = broker().url();
    PahoBus a = bus(url, "a");
    a.subscribe("x", this::hear);
    awaitUp(a);
    a.publish("x", bytes("early"), false);
    assertEquals("x=early", next(heard));
  }

  @Test
  void aRetainedMessageReachesALaterSubscriber() throws Exception {
    URI url = broker().url();
    PahoBus a = bus(url, "a");
    awaitUp(a);
    a.publish("status", bytes("online"), true);
    a.close();
    PahoBus b = bus(url, "b");
    b.subscribe("status", this::hear);
    assertEquals("status=online (retained)", next(heard));
  }

  @Test
  void whatIsPublishedToBeRetainedIsKnownAtOnce() throws Exception {
    PahoBus a = bus(broker().url(), "a");
    a.subscribe("x", this::hear);
    awaitUp(a);
    a.subscribe("y", this::hear);
    a.publish("x", bytes("1"), true);
    a.publish("y", bytes("2"), true);
    assertEquals("x=1 (retained)", next(heard));
    assertEquals("y=2 (retained)", next(heard));
  }

  @Test
  void aRequestAndItsAnswerKeepTheirProperties() throws Exception {
    PahoBus a = bus(broker().url(), "a");
    BlockingQueue<Bus.Properties> seen = new LinkedBlockingQueue<>();
    a.subscribe("x", said -> seen.add(said.properties()));
    awaitUp(a);
    Bus.Properties request = Bus.Properties.request("answer", new ByteVector("0102"));
    a.publish("x", bytes("?"), false, request);
    a.publish("x", bytes("!"), false, request.ofAnswer());
    a.publish("x", bytes(""), false);
    assertEquals(request, next(seen));
    assertEquals(request.ofAnswer(), next(seen));
    assertEquals(Bus.Properties.NONE, next(seen));
  }

  @Test
  void aBurstArrivesWholeAndInOrder() throws Exception {
    PahoBus a = bus(broker().url(), "a");
    a.subscribe("x", this::hear);
    awaitUp(a);
    for (int i = 0; i < 2000; i++) {
      a.publish("x", bytes("" + i), false);
    }
    for (int i = 0; i < 2000; i++) {
      assertEquals("x=" + i, next(heard));
    }
    assertEquals(0, a.dropped());
  }

  @Test
  void whatIsLongerThanAnyFrameIsNotReceivedAndHarmsNothing() throws Exception {
    URI url = broker().url();
    PahoBus a = bus(url, "a");
    a.subscribe("x", this::hear);
    awaitUp(a);
    a.onConnection(connections::add);
    assertTrue(next(connections));
    var stranger = new MqttAsyncClient(url.toString(), "stranger", new MemoryPersistence());
    open.add(stranger::close);
    stranger.connect().waitForCompletion();
    stranger.publish("x", new byte[5_000_000], 1, false).waitForCompletion();
    stranger.publish("x", new byte[2 * FrameCipher.MAX_FRAME_BYTES], 1, false).waitForCompletion();
    stranger.publish("x", bytes("after"), 1, false).waitForCompletion();
    assertEquals("x=after", next(heard));
    a.publish("x", new byte[FrameCipher.MAX_FRAME_BYTES], false);
    assertEquals(2 + FrameCipher.MAX_FRAME_BYTES, next(heard).length());
    assertTrue(connections.isEmpty(), "the connection was lost");
    stranger.disconnect().waitForCompletion();
  }

  @Test
  void aListenerThatThrowsHarmsNobody() throws Exception {
    PahoBus a = bus(broker().url(), "a");
    a.subscribe(
        "x",
        delivery -> {
          throw new IllegalStateException("out of order, on purpose");
        });
    a.subscribe("x", this::hear);
    awaitUp(a);
    a.publish("x", bytes("1"), false);
    a.publish("x", bytes("2"), false);
    assertEquals("x=1", next(heard));
    assertEquals("x=2", next(heard));
  }

  @Test
  void anEndedSubscriptionHearsNothingMore() throws Exception {
    PahoBus a = bus(broker().url(), "a");
    awaitUp(a);
    AutoCloseable subscription = a.subscribe("x", this::hear);
    a.subscribe("y", this::hear);
    subscription.close();
    a.publish("x", bytes("1"), false);
    a.publish("y", bytes("2"), false);
    assertEquals("y=2", next(heard));
  }

  @Test
  void theWillIsPublishedWhenTheClientIsThrownOutAndNotWhenItCloses() throws Exception {
    URI url = broker().url();
    PahoBus watcher = bus(url, "watcher");
    watcher.subscribe("status/+", this::hear);
    awaitUp(watcher);
    BrokerSettings first = BrokerSettings.of(url, "first").withWill("status/first", "offline");
    PahoBus leaving = new PahoBus(first);
    awaitUp(leaving);
    leaving.close();
    BrokerSettings second = BrokerSettings.of(url, "second").withWill("status/second", "offline");
    PahoBus thrownOut = new PahoBus(second);
    open.add(thrownOut);
    awaitUp(thrownOut);
    PahoBus usurper = bus(url, "second");
    assertEquals("status/second=offline (retained)", next(heard));
    usurper.close();
  }

  @Test
  void aBrokerThatComesBackIsFoundWithAllSubscriptions() throws Exception {
    PrivateBroker broker = broker();
    Path program = PrivateBroker.find(Optional.empty()).orElseThrow();
    PahoBus a = bus(broker.url(), "a");
    a.subscribe("x", this::hear);
    a.onConnection(connections::add);
    assertTrue(next(connections));
    broker.close();
    assertFalse(next(connections));
    a.publish("x", bytes("into the void"), false);
    open.add(PrivateBroker.start(program, broker.port()));
    assertTrue(next(connections));
    a.publish("x", bytes("back"), false);
    assertEquals("x=back", next(heard));
    assertEquals(1, a.dropped());
  }

  @Test
  void aBrokerThatIsNotThereYetIsWaitedFor() throws Exception {
    PrivateBroker broker = broker();
    Path program = PrivateBroker.find(Optional.empty()).orElseThrow();
    broker.close();
    PahoBus a = bus(broker.url(), "a");
    a.onConnection(connections::add);
    open.add(PrivateBroker.start(program, broker.port()));
    assertTrue(next(connections));
  }

  @Test
  void closingDoesNotWaitForABrokerThatIsNotThere() {
    PahoBus a = new PahoBus(BrokerSettings.of(URI.create("tcp://127.0.0.1:1"), "a"));
    a.close();
    a.publish("x", bytes("1"), false);
    assertEquals(1, a.dropped());
  }

  @Test
  void linksWorkOverARealBroker() throws Exception {
    URI url = broker().url();
    LinkFixture keys = new LinkFixture(3);
    BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    var timers = Executors.newSingleThreadScheduledExecutor();
    open.add(timers::shutdownNow);
    var unused =
        new PeerListener(
            environment(bus(url, "pile"), mailbox, timers, LinkFixture.PILE_KEY),
            LinkFixture.TOPICS,
            new Echo(keys.pile));
    var unusedToo =
        new PeerDialer(
            environment(bus(url, "driver"), mailbox, timers, LinkFixture.DRIVER_KEY),
            LinkFixture.TOPICS,
            LinkFixture.nodeId(LinkFixture.PILE_KEY),
            keys.driver);
    while (keys.driver.links.isEmpty()) {
      next(mailbox).run();
    }
    long[] nanos = new long[500];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      keys.driver.say("message " + i);
      while (keys.driver.heard().size() <= i) {
        next(mailbox).run();
      }
      nanos[i] = System.nanoTime() - start;
    }
    assertEquals("message 499", keys.driver.heard().getLast());
    Arrays.sort(nanos);
    System.out.printf(
        "round trip of a secure frame through mosquitto: median %d us, p99 %d us%n",
        nanos[250] / 1000, nanos[495] / 1000);
  }

  private static LinkEnvironment environment(
      Bus bus, Queue<Runnable> mailbox, ScheduledExecutorService timers, PrivateKey nodeKey) {
    return new LinkEnvironment(
        bus,
        mailbox::add,
        Scheduler.on(timers),
        new SecureRandom(),
        LinkFixture.SIGNER,
        nodeKey,
        LinkSettings.DEFAULTS);
  }

  /** Sends everything back. */
  private record Echo(LinkFixture.Recorder recorder) implements PeerLink.Listener {
    @Override
    public void onOpened(PeerLink link) {
      recorder.onOpened(link);
    }

    @Override
    public void onMessages(PeerLink link, List<byte[]> messages) {
      link.send(messages);
    }

    @Override
    public void onClosed(PeerLink link, String why) {
      recorder.onClosed(link, why);
    }
  }

  @Test
  void anUnusableUrlIsRefusedAtOnce() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BrokerSettings.of(URI.create("http://broker"), "a"));
    assertEquals(
        "broker \"http://broker\": use tcp://host:port or ssl://host:port", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> BrokerSettings.of(URI.create("tcp://user:secret@broker"), "a"));
    assertEquals(
        URI.create("ssl://broker:8883"), BrokerSettings.of(URI.create("ssl://broker"), "a").url());
  }
}
