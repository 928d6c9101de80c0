package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FrameContentTest {
  private static final SessionId SESSION = new SessionId(TwoNodes.seed("session").take(16));
  static final List<PeerMessage> MESSAGES =
      List.of(
          new PeerMessage.OfSession(
              new SessionAccept(SESSION, Set.of(Direction.IMPORT), Limits.NONE)),
          new PeerMessage.OfSession(new SessionStop(SESSION, StopReason.FAULT, "a fault")));

  @Test
  void messagesOfChannelAndSessionComeBackInTheirOrder() throws MalformedMessageException {
    assertEquals(MESSAGES, FrameContent.decode(FrameContent.encode(MESSAGES)));
  }

  @Test
  void unknownOddTypesArePassedOver() throws MalformedMessageException {
    byte[] odd = {(byte) 0x7f, (byte) 0xf1, 1, 2, 3};
    assertEquals(List.of(), FrameContent.decode(List.of(odd)));
  }

  @Test
  void unknownEvenTypesAreRefused() {
    byte[] even = {(byte) 0x7f, (byte) 0xf0};
    assertThrows(MalformedMessageException.class, () -> FrameContent.decode(List.of(even)));
  }

  /** What a peer says must never end the node: only the checked exception may come out. */
  @Property(tries = 3000)
  void whateverComesIsDecodedOrRefused(@ForAll @Size(max = 300) byte[] bytes) {
    decode(bytes);
  }

  @Property(tries = 3000)
  void whateverBecomesOfAMessageIsDecodedOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = FrameContent.encode(MESSAGES).get(random.nextInt(MESSAGES.size())).clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    decode(bytes);
  }

  private static void decode(byte[] bytes) {
    try {
      FrameContent.decode(List.of(bytes));
    } catch (MalformedMessageException e) {
      assertTrue(!String.valueOf(e.getMessage()).isEmpty());
    }
  }
}
