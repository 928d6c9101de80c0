package chargepile.agent.cli.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Signer;
import chargepile.agent.identity.RegistrationMessage;
import chargepile.agent.identity.RegistrationMessage.Issued;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.LinkEnvironment;
import chargepile.agent.mqtt.LinkSettings;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.mqtt.PeerListener;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device asks until it has heard the answer, and asks the same. */
@Timeout(60)
final class KgcLinkTest {
  private static final Signer SIGNER = Signer.best();
  private static final PrivateKey KGC = PrivateKey.fromHex("11".repeat(32));
  private static final PrivateKey DEVICE = PrivateKey.fromHex("22".repeat(32));
  private static final ByteVector REQUEST = new ByteVector("c0ffee");
  private static final Issued REPLY = new Issued(new ByteVector("feed"));

  /** Impatient, so that a loss costs the test little. */
  private static final LinkSettings QUICK =
      new LinkSettings(
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          16,
          64);

  private final ScheduledExecutorService lane = Executors.newSingleThreadScheduledExecutor();
  private final MemoryBroker broker =
      new MemoryBroker(Scheduler.on(lane), MemoryBroker.Faults.NONE, new SecureRandom());
  private final List<RegistrationMessage> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    lane.shutdownNow();
  }

  @Test
  void aLostReplyIsAskedForAgain() throws Exception {
    for (int lost = 0; lost < 6; lost++) {
      asked.clear();
      Bus kgc = new Losing(broker.connect(Optional.empty()), lost);
      try (var listening = new PeerListener(links(kgc, KGC), Topics.ofKgc("kgc"), new Centre());
          KgcLink link =
              new KgcLink(
                  links(broker.connect(Optional.empty()), DEVICE),
                  Topics.ofKgc("kgc"),
                  SIGNER.publicKey(KGC),
                  REQUEST)) {
        Optional<RegistrationMessage> heard = link.next(Duration.ofSeconds(30));
        assertEquals(
            Optional.of(REPLY), heard, "frame %d lost; %s".formatted(lost, listening.discarded()));
        for (RegistrationMessage each : asked) {
          assertEquals(new RegistrationMessage.Register(REQUEST), each);
        }
        assertTrue(!asked.isEmpty());
      }
      kgc.close();
    }
  }

  @Test
  void anImpostorIsNotHeard() throws Exception {
    PrivateKey impostor = PrivateKey.fromHex("33".repeat(32));
    try (var listening =
            new PeerListener(
                links(broker.connect(Optional.empty()), impostor),
                Topics.ofKgc("kgc"),
                new Centre());
        KgcLink link =
            new KgcLink(
                links(broker.connect(Optional.empty()), DEVICE),
                Topics.ofKgc("kgc"),
                SIGNER.publicKey(KGC),
                REQUEST)) {
      assertEquals(
          Optional.empty(),
          link.next(Duration.ofSeconds(1)),
          () -> listening.discarded().toString());
      assertEquals(List.of(), asked);
    }
  }

  private LinkEnvironment links(Bus bus, PrivateKey key) {
    return new LinkEnvironment(
        bus, lane, Scheduler.on(lane), new SecureRandom(), SIGNER, key, QUICK);
  }

  /** Has the reply ready. */
  private final class Centre implements PeerLink.Listener {
    @Override
    public void onOpened(PeerLink link) {}

    @Override
    public void onMessages(PeerLink link, List<byte[]> messages) {
      for (byte[] message : messages) {
        asked.add(RegistrationMessage.decode(message).orElseThrow());
        link.send(List.of(REPLY.encode()));
      }
    }

    @Override
    public void onClosed(PeerLink link, String why) {}
  }

  /** Loses one message of those it publishes. */
  private record Losing(Bus bus, AtomicInteger left) implements Bus {
    Losing(Bus bus, int before) {
      this(bus, new AtomicInteger(before));
    }

    @Override
    public String name() {
      return bus.name();
    }

    @Override
    public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
      return bus.subscribe(filter, listener);
    }

    @Override
    public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
      if (left.getAndDecrement() != 0) {
        bus.publish(topic, payload, retained, properties);
      }
    }

    @Override
    public void onConnection(Consumer<Boolean> listener) {
      bus.onConnection(listener);
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}
