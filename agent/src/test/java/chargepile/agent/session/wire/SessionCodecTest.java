package chargepile.agent.session.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionCodecTest {
  private static final SessionId ID =
      new SessionId(new ByteVector("000102030405060708090a0b0c0d0e0f"));
  private static final SessionTotals.Total TOTAL =
      new SessionTotals.Total(new MilliWattHours(1), 2, new Amount(3));
  static final List<SessionMessage> ALL =
      List.of(
          new SessionOffer(
              ID,
              new Tariff(1, new Amount(2), new Amount(3), new Amount(4)),
              new MilliWattHours(5),
              new MilliWattHours(0),
              Set.of(Direction.IMPORT, Direction.EXPORT),
              new MilliWattHours(6),
              new MilliWattHours(7),
              0xffff_ffffL),
          new SessionAccept(
              ID,
              Set.of(Direction.EXPORT),
              new Limits(
                  new MilliWattHours(1), new Amount(2), Long.MAX_VALUE, Duration.ofMillis(4))),
          new SessionAccept(ID, Set.of(Direction.IMPORT), Limits.NONE),
          new SessionStop(ID, StopReason.FAULT, "WELDED_CONTACTOR: a pulse too many"),
          new SessionSummary(
              ID, StopReason.UNPLUGGED, TOTAL, TOTAL, new MilliWattHours(8), new MilliWattHours(9)),
          new SessionPaid(ID, new Amount(10), new ByteVector(new byte[65])));

  @Test
  void everyMessageSurvivesItsBytes() throws MalformedMessageException {
    for (SessionMessage message : ALL) {
      assertEquals(message, SessionCodec.decode(SessionCodec.encode(message)));
    }
  }

  @Test
  void whatTheMeterSignsWithAndSignedSurvives() throws MalformedMessageException {
    SessionOffer plain = (SessionOffer) ALL.getFirst();
    PublicKey key = new PublicKey(new ByteVector("02" + "0c".repeat(32)));
    SessionOffer offer =
        new SessionOffer(
            plain.sessionId(),
            plain.tariff(),
            plain.increment(),
            plain.credit(),
            plain.directions(),
            plain.importRegister(),
            plain.exportRegister(),
            plain.ratedPowerWatts(),
            Optional.of(key));
    SessionSummary summary =
        new SessionSummary(
            ID,
            StopReason.UNPLUGGED,
            TOTAL,
            TOTAL,
            new MilliWattHours(8),
            new MilliWattHours(9),
            new ByteVector("4f434d46"));
    assertEquals(offer, SessionCodec.decode(SessionCodec.encode(offer)));
    assertEquals(summary, SessionCodec.decode(SessionCodec.encode(summary)));
    byte[] cut = with(plain, 0x01, 0x01, 0x02);
    assertThrows(MalformedMessageException.class, () -> SessionCodec.decode(cut));
  }

  @Test
  void everyTruncationIsRefused() {
    for (SessionMessage message : ALL) {
      byte[] bytes = SessionCodec.encode(message);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(MalformedMessageException.class, () -> SessionCodec.decode(cut));
      }
    }
  }

  @Test
  void anUnknownOddRecordAtTheEndIsSkippedAndAnEvenOneRefused() throws MalformedMessageException {
    for (SessionMessage message : ALL) {
      assertEquals(message, SessionCodec.decode(with(message, 0x65, 0x01, 0x2a)));
      assertThrows(
          MalformedMessageException.class,
          () -> SessionCodec.decode(with(message, 0x64, 0x01, 0x2a)));
    }
  }

  @Test
  void theErrorNamesMessageAndField() {
    byte[] bytes = SessionCodec.encode(ALL.get(2));
    bytes[18] = 4;
    MalformedMessageException e =
        assertThrows(MalformedMessageException.class, () -> SessionCodec.decode(bytes));
    assertEquals("malformed session_accept, directions: 4 is not 1, 2 or 3", e.getMessage());
  }

  @Test
  void aNumberBeyondItsRangeIsRefused() {
    byte[] bytes = SessionCodec.encode(ALL.get(1));
    bytes[19] = (byte) 0x80;
    MalformedMessageException e =
        assertThrows(MalformedMessageException.class, () -> SessionCodec.decode(bytes));
    assertEquals("energy_limit_mwh", e.field());
  }

  @Test
  void anUnknownReasonIsOther() throws MalformedMessageException {
    byte[] bytes = SessionCodec.encode(new SessionStop(ID, StopReason.FAULT, ""));
    bytes[18] = 99;
    assertEquals(new SessionStop(ID, StopReason.OTHER, ""), SessionCodec.decode(bytes));
  }

  @Test
  void textIsReducedToWhatIsSafeToShow() throws MalformedMessageException {
    SessionStop stop = new SessionStop(ID, StopReason.FAULT, "Schütz\n".repeat(200));
    SessionStop heard = (SessionStop) SessionCodec.decode(SessionCodec.encode(stop));
    assertEquals(SessionWriter.TEXT_BYTES, heard.text().length());
    assertTrue(heard.text().startsWith("Sch?tz?"));
  }

  private static byte[] with(SessionMessage message, int... more) {
    byte[] bytes = SessionCodec.encode(message);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
    for (int i = 0; i < more.length; i++) {
      longer[bytes.length + i] = (byte) more[i];
    }
    return longer;
  }
}
