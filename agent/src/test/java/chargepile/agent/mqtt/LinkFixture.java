package chargepile.agent.mqtt;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A pile and drivers at one in-memory broker, in virtual time. */
final class LinkFixture {
  static final Signer SIGNER = Signer.best();
  static final PrivateKey PILE_KEY = key("21");
  static final PrivateKey DRIVER_KEY = key("11");
  static final Topics TOPICS = Topics.of("p1");
  static final Duration MOMENT = Duration.ofMillis(100);

  final VirtualTime time = new VirtualTime();
  final Random random;
  final MemoryBroker broker;
  final MemoryBus pileBus;
  final MemoryBus driverBus;
  final Recorder pile = new Recorder();
  final Recorder driver = new Recorder();

  LinkFixture(long seed) {
    this.random = new Random(seed);
    this.broker = new MemoryBroker(time, MemoryBroker.Faults.NONE, random);
    this.pileBus = broker.connect(Optional.empty());
    this.driverBus = broker.connect(Optional.empty());
  }

  static PrivateKey key(String octet) {
    return new PrivateKey(HexFormat.of().parseHex(octet.repeat(32)));
  }

  static PublicKey nodeId(PrivateKey key) {
    return SIGNER.publicKey(key);
  }

  LinkEnvironment environment(Bus bus, PrivateKey nodeKey, LinkSettings settings) {
    return new LinkEnvironment(bus, Runnable::run, time, random, SIGNER, nodeKey, settings);
  }

  PeerListener listen() {
    return listen(LinkSettings.DEFAULTS);
  }

  PeerListener listen(LinkSettings settings) {
    return new PeerListener(environment(pileBus, PILE_KEY, settings), TOPICS, pile);
  }

  PeerDialer dial() {
    return dial(driverBus, DRIVER_KEY, driver);
  }

  PeerDialer dial(Bus bus, PrivateKey nodeKey, Recorder recorder) {
    return new PeerDialer(
        environment(bus, nodeKey, LinkSettings.DEFAULTS), TOPICS, nodeId(PILE_KEY), recorder);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Remembers what it is told, by link. */
  static final class Recorder implements PeerLink.Listener {
    final List<PeerLink> links = new ArrayList<>();
    final List<PeerLink> closed = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final Map<String, List<String>> messages = new LinkedHashMap<>();

    /** The newest link; fails when there was none. */
    PeerLink link() {
      return links.getLast();
    }

    List<String> heard() {
      return messages.values().stream().flatMap(List::stream).toList();
    }

    void say(String... texts) {
      link().send(List.of(texts).stream().map(LinkFixture::bytes).toList());
    }

    @Override
    public void onOpened(PeerLink link) {
      links.add(link);
      messages.put(link.session(), new ArrayList<>());
    }

    @Override
    public void onMessages(PeerLink link, List<byte[]> arrived) {
      List<String> of = messages.get(link.session());
      if (of == null || !link.isOpen()) {
        throw new AssertionError("messages on a link that is not open");
      }
      arrived.forEach(message -> of.add(new String(message, StandardCharsets.UTF_8)));
    }

    @Override
    public void onClosed(PeerLink link, String why) {
      if (!links.contains(link) || link.isOpen()) {
        throw new AssertionError("closed what was not opened");
      }
      closed.add(link);
      reasons.add(why);
    }
  }
}
