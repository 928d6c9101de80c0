package chargepile.agent.mqtt;

import static chargepile.agent.mqtt.LinkFixture.DRIVER_KEY;
import static chargepile.agent.mqtt.LinkFixture.MOMENT;
import static chargepile.agent.mqtt.LinkFixture.PILE_KEY;
import static chargepile.agent.mqtt.LinkFixture.SIGNER;
import static chargepile.agent.mqtt.LinkFixture.TOPICS;
import static chargepile.agent.mqtt.LinkFixture.bytes;
import static chargepile.agent.mqtt.LinkFixture.key;
import static chargepile.agent.mqtt.LinkFixture.nodeId;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import fr.acinq.bitcoin.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a broker, a stranger or a peer gone bad may publish to a link. */
class LinkFuzzTest {
  private static final PrivateKey EPHEMERAL = key("31");
  private static final List<byte[]> CONTENTS =
      List.of(
          Frames.pack(List.of(bytes("one"), bytes("two"))).getFirst(),
          new byte[] {Frames.PING},
          new byte[] {Frames.PONG},
          Frames.goodbye("the day is over"));

  @TestFactory
  Stream<DynamicTest> handshake() throws HandshakeException {
    NoiseXk.Initiator initiator =
        new NoiseXk.Initiator(SIGNER, DRIVER_KEY, key("41"), nodeId(PILE_KEY));
    byte[] actOne = initiator.actOne();
    NoiseXk.Responder responder = new NoiseXk.Responder(SIGNER, PILE_KEY, EPHEMERAL, actOne);
    return Fuzz.tests(
        Door.of(
            "act one of the handshake",
            List.of(actOne),
            HandshakeException.class,
            act -> new NoiseXk.Responder(SIGNER, PILE_KEY, EPHEMERAL, act)),
        Door.of(
            "act two of the handshake",
            List.of(responder.actTwo()),
            HandshakeException.class,
            initiator::onActTwo),
        Door.of(
            "act three of the handshake",
            List.of(initiator.onActTwo(responder.actTwo()).actThree()),
            HandshakeException.class,
            responder::onActThree));
  }

  @TestFactory
  Stream<DynamicTest> frames() {
    FrameCipher sender = new FrameCipher(keys("51", "52"), "up", "down");
    Discards discards = new Discards("fuzz");
    return Fuzz.tests(
        Door.open(
            "an encrypted frame",
            CONTENTS.stream().map(sender::seal).toList(),
            frame -> new FrameCipher(keys("52", "51"), "down", "up").open(frame)),
        Door.open(
            "the content of an authentic frame",
            CONTENTS,
            content -> {
              LinkFixture fixture = new LinkFixture(1);
              SecureLink link =
                  new SecureLink(
                      fixture.environment(fixture.pileBus, PILE_KEY, LinkSettings.DEFAULTS),
                      "session",
                      keys("52", "51"),
                      "down",
                      "up",
                      discards,
                      fixture.pile);
              byte[] fitting =
                  Arrays.copyOf(content, Math.min(content.length, FrameCipher.MAX_CONTENT_BYTES));
              link.onFrame(new FrameCipher(keys("51", "52"), "up", "down").seal(fitting), "up");
            }));
  }

  @TestFactory
  Stream<DynamicTest> topics() {
    List<byte[]> published = published();
    LinkFixture fixture = new LinkFixture(2);
    var pile = fixture.listen();
    var driver = fixture.dial();
    fixture.time.pass(MOMENT);
    String session = fixture.driver.link().session();
    String stranger = "0".repeat(32);
    return Stream.concat(
        Fuzz.tests(
            Door.open(
                "what is published to a pile",
                published,
                frame -> {
                  fixture.driverBus.publish(TOPICS.toPile(session), frame, false);
                  fixture.driverBus.publish(TOPICS.toPile(stranger), frame, false);
                  fixture.time.pass(MOMENT);
                }),
            Door.open(
                "what is published to a driver",
                published,
                frame -> {
                  fixture.pileBus.publish(TOPICS.toDriver(session), frame, false);
                  fixture.time.pass(MOMENT);
                }),
            Door.open(
                "a topic's name",
                List.of(
                    bytes(TOPICS.toPile(session)),
                    bytes(TOPICS.toDriver(session)),
                    bytes(TOPICS.command("stop"))),
                name -> {
                  String topic = new String(name, StandardCharsets.UTF_8);
                  TOPICS.sessionOf(topic);
                  TOPICS.verbOf(topic);
                  TopicFilter.matches(TOPICS.peersToPile(), topic);
                })),
        Stream.of(
            DynamicTest.dynamicTest(
                "the link still stands",
                () -> {
                  assertTrue(fixture.driver.link().isOpen());
                  driver.close();
                  pile.close();
                })));
  }

  /** Everything that another pair of peers says from its handshake on. */
  private static List<byte[]> published() {
    LinkFixture fixture = new LinkFixture(3);
    List<byte[]> frames = new ArrayList<>();
    var overheard =
        fixture
            .broker
            .connect(Optional.empty())
            .subscribe("#", delivery -> frames.add(delivery.payload()));
    var pile = fixture.listen();
    var driver = fixture.dial();
    fixture.time.pass(MOMENT);
    fixture.driver.say("one", "two");
    fixture.time.pass(MOMENT);
    driver.close();
    pile.close();
    fixture.time.settle();
    frames.add(new byte[] {Frames.UNKNOWN_SESSION});
    Subscriptions.close(overheard);
    return frames;
  }

  private static TransportKeys keys(String send, String receive) {
    return new TransportKeys(
        nodeId(PILE_KEY),
        key(send).value.toByteArray(),
        key(receive).value.toByteArray(),
        key("53").value.toByteArray());
  }
}
