package chargepile.agent.session.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.energy.Tariff;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DriverCodecTest {
  private static final SessionOffer OFFER =
      new SessionOffer(
          new SessionId(new ByteVector("11".repeat(16))),
          new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO),
          new MilliWattHours(1),
          new MilliWattHours(1),
          Set.of(Direction.IMPORT),
          MilliWattHours.ZERO,
          MilliWattHours.ZERO,
          22_000,
          Optional.of(RecordSamples.METER.publicKey()));

  @Test
  void theLastRecordSurvives() {
    DriverSession session = session(new ByteVector("4f434d46"));
    assertEquals(Optional.of(session), decode(encode(session)).session());
  }

  @Test
  void aDriverOfVersion2HasNoNotary() {
    byte[] bytes = encode(session(new ByteVector("4f")));
    byte[] old = Arrays.copyOf(bytes, bytes.length - NOTARY);
    old[0] = 2;
    assertEquals(Optional.of(session(new ByteVector("4f"))), decode(old).session());
    assertEquals(Notary.NONE, decode(old).notary());
  }

  @Test
  void aDriverOfVersion1HasNoRecord() {
    byte[] bytes = encode(session(ByteVector.empty));
    byte[] old = Arrays.copyOf(bytes, bytes.length - NOTARY - 4);
    old[0] = 1;
    assertEquals(Optional.of(session(ByteVector.empty)), decode(old).session());
  }

  /** What a notary that has nothing to do takes. */
  private static final int NOTARY = 9;

  private static byte[] encode(DriverSession session) {
    return DriverCodec.encode(
        Driver.restored(new PeerChannel(3, PenaltyLeg.NEW), Optional.of(session), Notary.NONE));
  }

  private static Driver decode(byte[] bytes) {
    return DriverCodec.decode(bytes, _ -> PaymentLeg.none());
  }

  private static DriverSession session(ByteVector record) {
    return new DriverSession(
        OFFER,
        Set.of(Direction.IMPORT),
        RecordSamples.BEGIN,
        OptionalLong.empty(),
        new MilliWattHours(5),
        MilliWattHours.ZERO,
        Optional.empty(),
        Optional.empty(),
        record);
  }
}
