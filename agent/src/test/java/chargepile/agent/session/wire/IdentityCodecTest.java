package chargepile.agent.session.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class IdentityCodecTest {
  private static final SessionId ID = new SessionId(new ByteVector("0d".repeat(16)));
  private static final ByteVector SIGNATURE = new ByteVector("0a".repeat(48));

  static final List<IdentityMessage> ALL =
      List.of(
          new IdentityMessage.Introduction(new ByteVector("c0ffee")),
          new IdentityMessage.IntroductionRefusal("it has expired"),
          new IdentityMessage.SettlementProposal(
              ID, Direction.EXPORT, new ByteVector("0102"), SIGNATURE),
          new IdentityMessage.SettlementSignature(ID, Direction.IMPORT, SIGNATURE),
          new IdentityMessage.SettlementRefusal(ID, Direction.IMPORT, false, "sold: other"),
          new IdentityMessage.SettlementRefusal(ID, Direction.EXPORT, true, "time: tomorrow"));

  @Test
  void everyMessageSurvivesItsBytes() throws MalformedMessageException {
    for (IdentityMessage message : ALL) {
      assertEquals(message, IdentityCodec.decode(IdentityCodec.encode(message)));
    }
  }

  @Test
  void typesAreOddSoThatOldPeersPassThemOver() {
    for (IdentityMessage message : ALL) {
      byte[] bytes = IdentityCodec.encode(message);
      int type = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
      assertEquals(1, type % 2);
      assertTrue(IdentityCodec.isIdentityType(type));
      assertFalse(SessionCodec.isSessionType(type));
    }
    assertFalse(IdentityCodec.isIdentityType(32780));
    assertFalse(IdentityCodec.isIdentityType(32777));
    assertFalse(IdentityCodec.isIdentityType(32789));
  }

  @Test
  void everyTruncationIsRefused() {
    for (IdentityMessage message : ALL) {
      byte[] bytes = IdentityCodec.encode(message);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(MalformedMessageException.class, () -> IdentityCodec.decode(cut));
      }
    }
  }

  @Test
  void bothDirectionsAtOnceAreNone() {
    byte[] bytes = IdentityCodec.encode(ALL.get(3));
    bytes[18] = 3;
    assertThrows(MalformedMessageException.class, () -> IdentityCodec.decode(bytes));
  }

  @TestFactory
  Stream<DynamicTest> doors() {
    return Fuzz.tests(
        Door.of(
            "an identity message",
            ALL.stream().map(IdentityCodec::encode).toList(),
            MalformedMessageException.class,
            IdentityCodec::decode));
  }
}
