package chargepile.agent.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverSession;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a verdict on either side's identity means for the one who waits. */
class ChargeTest {
  private static final SessionId SESSION = new SessionId(new ByteVector("11".repeat(16)));
  private static final List<DriverAction> VERDICTS =
      List.of(
          new DriverAction.Tell(new DriverNotice.PileNotCertified("it was valid until now", true)),
          new DriverAction.Tell(new DriverNotice.NotAdmitted("it was valid until now")));

  private static DriverSession session(Optional<SessionSummary> summary) {
    SessionOffer offer =
        new SessionOffer(
            SESSION,
            new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO),
            new MilliWattHours(1),
            new MilliWattHours(1),
            Set.of(Direction.IMPORT),
            MilliWattHours.ZERO,
            MilliWattHours.ZERO,
            22_000,
            Optional.empty());
    return new DriverSession(
        offer,
        offer.directions(),
        Instant.EPOCH,
        OptionalLong.empty(),
        MilliWattHours.ZERO,
        MilliWattHours.ZERO,
        Optional.empty(),
        summary);
  }

  @Test
  void whoIsNotAdmittedDoesNotWaitForAnOffer() {
    DriverSession over =
        session(
            Optional.of(
                new SessionSummary(
                    SESSION,
                    StopReason.UNPLUGGED,
                    SessionTotals.Total.ZERO,
                    SessionTotals.Total.ZERO,
                    MilliWattHours.ZERO,
                    MilliWattHours.ZERO)));
    for (DriverAction verdict : VERDICTS) {
      assertTrue(Charge.unadmitted(verdict, Optional.empty()).isPresent());
      assertTrue(Charge.unadmitted(verdict, Optional.of(over)).isPresent());
    }
  }

  /** A certificate may expire, and the link be lost, while the car charges. */
  @Test
  void aSessionUnderWayGoesOn() {
    for (DriverAction verdict : VERDICTS) {
      assertEquals(
          Optional.empty(), Charge.unadmitted(verdict, Optional.of(session(Optional.empty()))));
    }
  }

  @Test
  void whoNeedsNoCertificateGoesOn() {
    assertEquals(
        Optional.empty(),
        Charge.unadmitted(
            new DriverAction.Tell(new DriverNotice.PileNotCertified("none is shown", false)),
            Optional.empty()));
  }
}
