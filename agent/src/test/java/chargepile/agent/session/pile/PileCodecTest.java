package chargepile.agent.session.pile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Registers;
import chargepile.agent.energy.Tariff;
import chargepile.agent.ocmf.ClockStatus;
import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.ocmf.RecordSamples;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PileCodecTest {
  private static final PileSettings SETTINGS =
      new PileSettings(
          MeterSettings.s0(1000, 22_000),
          PlausibilityLimits.of(MeterSettings.s0(1000, 22_000)),
          new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO),
          new Exposure(MilliWattHours.ofWattHours(100), MilliWattHours.ofWattHours(100)),
          Set.of(Direction.IMPORT),
          PileSettings.Switching.USUAL,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          MilliWattHours.ofWattHours(1000),
          true,
          true);
  private static final PileSession SESSION =
      PileSession.offered(
          new SessionOffer(
              new SessionId(new ByteVector("11".repeat(16))),
              SETTINGS.tariff(),
              new MilliWattHours(1),
              new MilliWattHours(1),
              Set.of(Direction.IMPORT),
              MilliWattHours.ZERO,
              MilliWattHours.ZERO,
              22_000,
              Optional.of(RecordSamples.METER.publicKey())),
          RecordSamples.METER.publicKey());

  /** What version 5 ended with is followed by where the session's terms are from. */
  private static final int ADDED_TO_5 = 1;

  /** What version 3 ended with is followed by a notary, which has nothing to do. */
  private static final int ADDED_TO_3 = 9 + ADDED_TO_5;

  /** What version 2 ended with is followed by the number of drivers with nothing metered. */
  private static final int ADDED_TO_2 = 4 + ADDED_TO_3;

  /** What version 1 ended with is followed by: no beginning 1, no receipt 4, the last number 8. */
  private static final int ADDED_TO_1 = 13;

  @Test
  void theMetersNumberAndTheSessionsProofSurvive() {
    PileSession begun =
        SESSION.with(
            new Proof(
                Optional.of(ReadingTime.of(RecordSamples.BEGIN, ClockStatus.SYNCHRONISED)),
                new ByteVector("4f434d46")));
    Pile read = decode(PileCodec.encode(pile(begun, 77)));
    assertEquals(77, read.page());
    assertEquals(Optional.of(begun), read.session());
  }

  @Test
  void aPileOfVersion1HasSignedNothing() {
    byte[] bytes = PileCodec.encode(pile(SESSION, 0));
    byte[] old = Arrays.copyOf(bytes, bytes.length - ADDED_TO_1 - ADDED_TO_2);
    old[0] = 1;
    Pile read = decode(old);
    assertEquals(0, read.page());
    assertEquals(Optional.of(SESSION), read.session());
  }

  @Test
  void faultsSurviveWithTimeAndDetailAndSoDoTheDriversWithNothingMetered() {
    Instant since = Instant.parse("2026-07-24T13:22:04.123Z");
    List<StandingFault> standing =
        List.of(
            new StandingFault(PileFault.NOISE, Optional.of(since), "61 disturbances"),
            new StandingFault(PileFault.OVER_POWER, Optional.empty(), ""));
    Set<PublicKey> unmetered = Set.of(RecordSamples.METER.publicKey());
    Pile read = decode(PileCodec.encode(pile(standing, unmetered)));
    assertEquals(standing, read.standing());
    assertEquals(Set.of(PileFault.NOISE, PileFault.OVER_POWER), read.faults());
    assertEquals(unmetered, read.unmetered());
  }

  @Test
  void aPileOfVersion2KnewItsFaultsByNameAlone() {
    List<StandingFault> bare =
        List.of(new StandingFault(PileFault.WELDED_CONTACTOR, Optional.empty(), ""));
    byte[] bytes = PileCodec.encode(pile(bare, Set.of()));
    String name = PileFault.WELDED_CONTACTOR.name();
    int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name) + name.length();
    ByteArrayOutputStream old = new ByteArrayOutputStream();
    old.write(2);
    old.write(bytes, 1, end - 1);
    int behind = end + 1 + 4; // no time 1, no detail 4
    old.write(bytes, behind, bytes.length - ADDED_TO_2 - behind);
    Pile read = decode(old.toByteArray());
    assertEquals(bare, read.standing());
    assertEquals(Optional.of(SESSION), read.session());
    assertEquals(Set.of(), read.unmetered());
  }

  @Test
  void aPileOfVersion3HasNoNotary() {
    byte[] bytes = PileCodec.encode(pile(SESSION, 5));
    byte[] old = Arrays.copyOf(bytes, bytes.length - ADDED_TO_3);
    old[0] = 3;
    assertEquals(Optional.of(SESSION), decode(old).session());
    assertEquals(Notary.NONE, decode(old).notary());
  }

  @Test
  void aPileOfVersion4KnewNotHowItsEngagementConcluded() {
    byte[] old = ofVersion(4, SESSION);
    assertEquals(Optional.of(SESSION), decode(old).session());
    assertEquals(Notary.NONE, decode(old).notary());
  }

  @Test
  void whetherTermsWereAgreedToBeforehandSurvives() {
    PileSession ordered = SESSION.underAgreement();
    assertEquals(Optional.of(ordered), decode(PileCodec.encode(pile(ordered, 5))).session());
  }

  @Test
  void aPileOfVersion5KnewItsOwnTermsByTheSettings() {
    assertEquals(Optional.of(SESSION), decode(ofVersion(5, SESSION)).session());
    SessionOffer own = SESSION.offer();
    PileSession ordered =
        PileSession.offered(
            new SessionOffer(
                own.sessionId(),
                new Tariff(9, new Amount(1), Amount.ZERO, Amount.ZERO),
                own.increment(),
                own.credit(),
                own.directions(),
                own.importRegister(),
                own.exportRegister(),
                own.ratedPowerWatts(),
                own.meterKey()),
            SESSION.peer());
    assertEquals(Optional.of(ordered.underAgreement()), decode(ofVersion(5, ordered)).session());
  }

  private static byte[] ofVersion(int version, PileSession session) {
    byte[] bytes = PileCodec.encode(pile(session, 5));
    byte[] old = Arrays.copyOf(bytes, bytes.length - ADDED_TO_5);
    old[0] = (byte) version;
    return old;
  }

  @Test
  void aPileOfALaterVersionIsNotGuessed() {
    byte[] bytes = PileCodec.encode(pile(SESSION, 0));
    bytes[0] = 7;
    assertThrows(MalformedStateException.class, () -> decode(bytes));
  }

  private static Pile decode(byte[] bytes) {
    return PileCodec.decode(bytes, SETTINGS, (_, _) -> PaymentLeg.none());
  }

  private static Pile pile(List<StandingFault> standing, Set<PublicKey> unmetered) {
    return Pile.restored(
        SETTINGS,
        Map.of(),
        0,
        Registers.ZERO,
        true,
        Optional.of(SESSION),
        standing,
        unmetered,
        0,
        Notary.NONE);
  }

  private static Pile pile(PileSession session, long page) {
    return Pile.restored(
        SETTINGS,
        Map.of(),
        0,
        Registers.ZERO,
        true,
        Optional.of(session),
        List.of(),
        Set.of(),
        page,
        Notary.NONE);
  }
}
