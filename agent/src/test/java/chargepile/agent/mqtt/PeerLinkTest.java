package chargepile.agent.mqtt;

import static chargepile.agent.mqtt.LinkFixture.DRIVER_KEY;
import static chargepile.agent.mqtt.LinkFixture.MOMENT;
import static chargepile.agent.mqtt.LinkFixture.PILE_KEY;
import static chargepile.agent.mqtt.LinkFixture.TOPICS;
import static chargepile.agent.mqtt.LinkFixture.bytes;
import static chargepile.agent.mqtt.LinkFixture.key;
import static chargepile.agent.mqtt.LinkFixture.nodeId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.LinkFixture.Recorder;
import chargepile.agent.mqtt.MemoryBroker.Faults;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PeerLinkTest {
  private final LinkFixture fixture = new LinkFixture(1);
  private final VirtualTime time = fixture.time;
  private final Recorder pile = fixture.pile;
  private final Recorder driver = fixture.driver;

  private void connect() {
    var unused = fixture.listen();
    var unusedToo = fixture.dial();
    time.pass(MOMENT);
  }

  private void drop(Runnable whatIsSentHere) {
    fixture.broker.faults(new Faults(1, 0, 0, 0, Duration.ZERO));
    whatIsSentHere.run();
    time.settle();
    fixture.broker.faults(Faults.NONE);
  }

  @Test
  void eachSideLearnsTheOthersNodeKey() {
    connect();
    assertEquals(nodeId(DRIVER_KEY), pile.link().peer());
    assertEquals(nodeId(PILE_KEY), driver.link().peer());
    assertEquals(pile.link().session(), driver.link().session());
  }

  @Test
  void messagesArriveInOrderInBothDirections() {
    connect();
    driver.say("a", "b");
    driver.say("c");
    pile.say("d");
    pile.say("e", "f", "");
    time.settle();
    assertEquals(List.of("a", "b", "c"), pile.heard());
    assertEquals(List.of("d", "e", "f", ""), driver.heard());
  }

  @Test
  void moreThanAFrameHoldsGoesInSeveral() {
    connect();
    List<String> big =
        IntStream.range(0, 7).mapToObj(i -> String.valueOf(i).repeat(20_000)).toList();
    driver.say(big.toArray(String[]::new));
    String most = "x".repeat(PeerLink.MAX_MESSAGE_BYTES);
    driver.say(most);
    time.settle();
    List<String> all = new ArrayList<>(big);
    all.add(most);
    assertEquals(all, pile.heard());
    assertThrows(IllegalArgumentException.class, () -> driver.say(most + "x"));
  }

  @Test
  void onlyThePileItselfCanAnswer() {
    var impostor =
        new PeerListener(
            fixture.environment(fixture.pileBus, key("22"), LinkSettings.DEFAULTS), TOPICS, pile);
    var unused = fixture.dial();
    time.pass(Duration.ofMinutes(1));
    assertEquals(List.of(), driver.links);
    assertEquals(List.of(), pile.links);
    assertTrue(impostor.discarded().getOrDefault("act 1 BAD_TAG", 0L) > 2);
  }

  @Test
  void aPileKeyOffTheCurveIsRefused() {
    PublicKey none = new PublicKey(new byte[33]);
    LinkEnvironment environment =
        fixture.environment(fixture.driverBus, DRIVER_KEY, LinkSettings.DEFAULTS);
    assertThrows(
        IllegalArgumentException.class, () -> new PeerDialer(environment, TOPICS, none, driver));
  }

  @Test
  void aGapEndsTheLinkOnBothSidesAndAnotherFollows() {
    connect();
    drop(() -> driver.say("lost"));
    driver.say("after");
    time.pass(MOMENT);
    assertEquals(List.of(), pile.heard());
    assertEquals(List.of("frame 1 came where 0 was due"), pile.reasons);
    assertEquals(List.of("the peer said: frame 1 came where 0 was due"), driver.reasons);
    driver.say("again");
    time.settle();
    assertEquals(2, pile.links.size());
    assertEquals(List.of("again"), pile.heard());
  }

  @Test
  void aLossThatNothingFollowsIsSeenAtTheNextPing() {
    connect();
    drop(() -> pile.say("lost"));
    time.pass(LinkSettings.DEFAULTS.pingInterval().plus(MOMENT));
    assertEquals(List.of("frame 2 came where 1 was due"), driver.reasons);
    assertEquals(2, driver.links.size());
  }

  @Test
  void aLossDuringTheHandshakeIsFollowedByAnotherAttempt() {
    drop(this::connect);
    time.pass(LinkSettings.DEFAULTS.handshakeTimeout().plus(MOMENT));
    assertTrue(driver.link().isOpen());
    assertEquals(List.of(), driver.reasons);
  }

  @Test
  void whatALostConnectionSwallowedIsSeenWhenItIsBack() {
    connect();
    fixture.driverBus.disconnect();
    pile.say("while away");
    time.pass(MOMENT);
    fixture.driverBus.reconnect();
    time.pass(MOMENT);
    assertEquals(1, driver.reasons.size());
    assertTrue(driver.link().isOpen());
    assertEquals(List.of(), driver.heard());
  }

  @Test
  void aLinkOutlivesALostConnectionThatSwallowedNothing() {
    connect();
    fixture.pileBus.disconnect();
    fixture.driverBus.disconnect();
    time.pass(MOMENT);
    fixture.pileBus.reconnect();
    fixture.driverBus.reconnect();
    time.pass(MOMENT);
    driver.say("here");
    time.settle();
    assertEquals(List.of("here"), pile.heard());
    assertEquals(1, driver.links.size());
  }

  @Test
  void aPileThatForgotTheLinkIsDialedAgain() throws Exception {
    PeerListener first = fixture.listen();
    var unused = fixture.dial();
    time.pass(MOMENT);
    drop(first::close);
    var second = fixture.listen();
    driver.say("to the old one");
    time.pass(LinkSettings.DEFAULTS.handshakeTimeout().plus(MOMENT));
    assertEquals(List.of("the peer no longer knows this link"), driver.reasons);
    driver.say("to the new one");
    time.settle();
    assertEquals(List.of("to the new one"), pile.heard());
    assertEquals(Map.of("data of no link", 3L), second.discarded());
  }

  @Test
  void aStrangersHintDoesNotEndALink() {
    connect();
    fixture.pileBus.publish(
        TOPICS.toDriver(driver.link().session()), new byte[] {Frames.UNKNOWN_SESSION}, false);
    time.pass(Duration.ofSeconds(10));
    assertEquals(List.of(), driver.reasons);
  }

  @Test
  void aSilentPeerIsGivenUp() {
    connect();
    fixture.broker.faults(new Faults(1, 0, 0, 0, Duration.ZERO));
    time.pass(LinkSettings.DEFAULTS.deadAfter().multipliedBy(2).plus(MOMENT));
    assertEquals(List.of("the peer fell silent"), driver.reasons);
    assertEquals(List.of("the peer fell silent"), pile.reasons);
  }

  @Test
  void anIdleLinkStaysOpen() {
    connect();
    time.pass(Duration.ofHours(1));
    assertEquals(List.of(), driver.reasons);
    assertTrue(pile.link().isOpen());
  }

  @Test
  void closingTheDialerEndsTheLinkForGood() {
    var unused = fixture.listen();
    PeerDialer dialer = fixture.dial();
    time.pass(MOMENT);
    dialer.close();
    time.pass(Duration.ofMinutes(5));
    assertEquals(List.of("the driver hangs up"), driver.reasons);
    assertEquals(List.of("the peer said: the driver hangs up"), pile.reasons);
    assertEquals(1, driver.links.size());
  }

  @Test
  void aNewerLinkOfTheSameNodeEndsTheOlder() {
    PeerListener listener = fixture.listen();
    PeerDialer first = fixture.dial();
    time.pass(MOMENT);
    fixture.driverBus.disconnect();
    Recorder phone = new Recorder();
    var unused = fixture.dial(fixture.broker.connect(Optional.empty()), DRIVER_KEY, phone);
    time.pass(MOMENT);
    assertEquals(List.of("a newer link of the same node replaces it"), pile.reasons);
    assertTrue(phone.link().isOpen());
    assertEquals(Map.of(), listener.discarded());
    first.close();
  }

  @Test
  void theLongestSilentLinkMakesRoom() {
    LinkSettings d = LinkSettings.DEFAULTS;
    LinkSettings two =
        new LinkSettings(
            d.handshakeTimeout(), d.longestBackoff(), d.pingInterval(), d.deadAfter(), 2, 2);
    var unused = fixture.listen(two);
    List<Recorder> drivers = new ArrayList<>();
    for (String octet : List.of("11", "12", "13")) {
      Recorder recorder = new Recorder();
      drivers.add(recorder);
      var unusedToo = fixture.dial(fixture.broker.connect(Optional.empty()), key(octet), recorder);
      time.pass(MOMENT);
      if (octet.equals("12")) {
        drivers.getFirst().say("still here");
        time.settle();
      }
    }
    assertEquals(nodeId(key("12")), pile.closed.getFirst().peer());
    assertEquals("the pile has too many links", pile.reasons.getFirst());
    assertTrue(drivers.get(2).link().isOpen());
  }

  @Test
  void unfinishedHandshakesAreBounded() {
    PeerListener listener = fixture.listen();
    List<String> answers = new ArrayList<>();
    fixture.driverBus.subscribe("#", delivery -> answers.add(delivery.topic()));
    LinkEnvironment stranger =
        fixture.environment(fixture.driverBus, DRIVER_KEY, LinkSettings.DEFAULTS);
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String session = stranger.drawSession();
      sessions.add(session);
      byte[] actOne =
          new NoiseXk.Initiator(stranger.signer(), DRIVER_KEY, stranger.drawKey(), nodeId(PILE_KEY))
              .actOne();
      fixture.driverBus.publish(TOPICS.toPile(session), Frames.act(Frames.ACT_ONE, actOne), false);
    }
    time.settle();
    assertTrue(answers.contains(TOPICS.toDriver(sessions.getLast())));
    fixture.driverBus.publish(
        TOPICS.toPile(sessions.getFirst()), new byte[] {Frames.ACT_THREE}, false);
    fixture.driverBus.publish(
        TOPICS.toPile(sessions.getLast()), new byte[] {Frames.ACT_THREE}, false);
    time.settle();
    assertEquals(
        Map.of("act three of no handshake", 1L, "act 3 READ_FAILED", 1L), listener.discarded());
    time.pass(LinkSettings.DEFAULTS.handshakeTimeout());
    fixture.driverBus.publish(
        TOPICS.toPile(sessions.getLast()), new byte[] {Frames.ACT_THREE}, false);
    time.settle();
    assertEquals(2L, listener.discarded().get("act three of no handshake"));
  }

  @Test
  void everythingReplayedIsWithoutEffect() {
    PeerListener listener = fixture.listen();
    List<Bus.Delivery> recorded = new ArrayList<>();
    MemoryBus attacker = fixture.broker.connect(Optional.empty());
    attacker.subscribe("#", recorded::add);
    var unused = fixture.dial();
    time.pass(MOMENT);
    driver.say("once");
    pile.say("once");
    time.settle();
    for (Bus.Delivery delivery : List.copyOf(recorded)) {
      attacker.publish(delivery.topic(), delivery.payload(), false);
    }
    time.pass(MOMENT);
    assertEquals(List.of("once"), pile.heard());
    assertEquals(List.of("once"), driver.heard());
    assertEquals(List.of(), driver.reasons);
    assertEquals(1L, listener.discarded().get("replayed"));
    assertEquals(1L, listener.discarded().get("act three of no handshake"));
  }

  @Test
  void garbageIsCountedAndChangesNothing() {
    PeerListener listener = fixture.listen();
    var unused = fixture.dial();
    time.pass(MOMENT);
    String topic = TOPICS.toPile(driver.link().session());
    fixture.driverBus.publish(topic, new byte[0], false);
    fixture.driverBus.publish(topic, bytes("hello"), false);
    fixture.driverBus.publish(topic, new byte[] {4}, false);
    fixture.driverBus.publish("chargepile/p1/peer/x/to-pile", new byte[] {4}, false);
    fixture.driverBus.publish(topic, new byte[70_000], false);
    time.settle();
    driver.say("fine");
    time.settle();
    assertEquals(List.of("fine"), pile.heard());
    assertEquals(
        Map.of(
            "a frame of unknown type",
            2L,
            "a frame that is too long",
            1L,
            "not a frame",
            1L,
            "not a link's topic",
            1L),
        listener.discarded());
  }

  @Property(tries = 150)
  void whatArrivesOnALinkIsAPrefixOfWhatWasSentOnIt(@ForAll long seed) {
    LinkFixture at = new LinkFixture(seed);
    at.broker.faults(new Faults(0.03, 0.05, 0.05, 0.02, Duration.ofMillis(200)));
    var unused = at.listen();
    var unusedToo = at.dial();
    Map<String, List<String>> fromDriver = new HashMap<>();
    Map<String, List<String>> fromPile = new HashMap<>();
    for (int i = 0; i < 150; i++) {
      sayIfOpen(at.driver, "d" + i, fromDriver);
      sayIfOpen(at.pile, "p" + i, fromPile);
      at.time.pass(Duration.ofMillis(at.random.nextInt(400)));
    }
    assertPrefixes(fromDriver, at.pile.messages);
    assertPrefixes(fromPile, at.driver.messages);
    at.broker.faults(Faults.NONE);
    at.time.pass(Duration.ofMinutes(3));
    at.driver.say("at last");
    at.pile.say("at last");
    at.time.settle();
    assertEquals("at last", at.pile.heard().getLast());
    assertEquals("at last", at.driver.heard().getLast());
    assertFalse(at.driver.messages.isEmpty());
  }

  private static void sayIfOpen(Recorder who, String text, Map<String, List<String>> sent) {
    if (!who.links.isEmpty() && who.link().isOpen()) {
      who.say(text);
      sent.computeIfAbsent(who.link().session(), s -> new ArrayList<>()).add(text);
    }
  }

  private static void assertPrefixes(
      Map<String, List<String>> sent, Map<String, List<String>> heard) {
    heard.forEach(
        (session, messages) ->
            assertEquals(
                sent.getOrDefault(session, List.of()).subList(0, messages.size()), messages));
  }
}
