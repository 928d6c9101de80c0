package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.PeerLink;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PeerLinksTest {
  private static final PublicKey ALICE = new PrivateKey(TwoNodes.seed("alice")).publicKey();
  private static final PublicKey BOB = new PrivateKey(TwoNodes.seed("bob")).publicKey();
  private static final List<PeerMessage> STOP =
      List.of(
          new PeerMessage.OfSession(
              new SessionStop(
                  new SessionId(TwoNodes.seed("session").take(16)), StopReason.FAULT, "a fault")));
  private static final byte[] UNKNOWN_EVEN = {(byte) 0x7f, (byte) 0xf0};

  private final List<String> heard = new ArrayList<>();
  private final PeerLinks links = new PeerLinks(PeerLinksTest::name, new Heard());

  @Test
  void messagesGoToTheirPeerAlone() {
    Line alice = open(ALICE);
    Line bob = open(BOB);
    links.send(BOB, STOP);
    assertEquals(0, alice.sent.size());
    assertArrayEquals(FrameContent.encode(STOP).getFirst(), bob.sent.getFirst());
  }

  @Test
  void whatIsSaidWithoutALinkIsLost() {
    Line alice = open(ALICE);
    links.onClosed(alice, "gone");
    links.send(ALICE, STOP);
    assertEquals(0, alice.sent.size());
  }

  @Test
  void aPeerIsHeardFromItsLinkOpeningToItsEnd() {
    Line alice = open(ALICE);
    links.onMessages(alice, FrameContent.encode(STOP));
    links.onClosed(alice, "gone");
    assertEquals(List.of("alice up", "alice said " + STOP, "alice down"), heard);
  }

  @Test
  void aReplacedLinkIsNotHeardAnyMore() {
    Line old = open(ALICE);
    Line fresh = open(ALICE);
    links.onMessages(old, FrameContent.encode(STOP));
    links.onClosed(old, "replaced");
    assertEquals(List.of("alice up", "alice up"), heard);
    links.send(ALICE, STOP);
    assertEquals(0, old.sent.size());
    assertEquals(1, fresh.sent.size());
  }

  @Test
  void aMalformedMessageEndsTheLinkAndNothingOfItsFrameIsTaken() {
    Line alice = open(ALICE);
    List<byte[]> frame = new ArrayList<>(FrameContent.encode(STOP));
    frame.add(UNKNOWN_EVEN);
    links.onMessages(alice, frame);
    assertFalse(alice.isOpen());
    assertTrue(alice.why.startsWith("malformed"), alice.why);
    assertEquals(List.of("alice up", "alice down"), heard);
  }

  private Line open(PublicKey peer) {
    Line line = new Line(peer);
    links.onOpened(line);
    return line;
  }

  private static String name(PublicKey peer) {
    return peer.equals(ALICE) ? "alice" : "bob";
  }

  private final class Heard implements PeerLinks.Reports {
    @Override
    public void connected(PublicKey peer) {
      heard.add(name(peer) + " up");
    }

    @Override
    public void said(PublicKey peer, List<PeerMessage> messages) {
      heard.add(name(peer) + " said " + messages);
    }

    @Override
    public void disconnected(PublicKey peer) {
      heard.add(name(peer) + " down");
    }
  }

  /** A link that keeps what is sent. */
  private final class Line implements PeerLink {
    private final PublicKey peer;
    private final List<byte[]> sent = new ArrayList<>();
    private String why = "";

    Line(PublicKey peer) {
      this.peer = peer;
    }

    @Override
    public PublicKey peer() {
      return peer;
    }

    @Override
    public String session() {
      return "00".repeat(16);
    }

    @Override
    public boolean isOpen() {
      return why.isEmpty();
    }

    @Override
    public void send(List<byte[]> messages) {
      sent.addAll(messages);
    }

    @Override
    public void close(String reason) {
      why = reason;
      links.onClosed(this, reason);
    }
  }
}
