package chargepile.agent.session.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Terms: 0.4 sat a Wh, 1 sat a minute, increments and credit of 1 kWh, 22 kW; an hour has passed.
 */
class ClaimReviewTest {
  private static final SessionId SESSION = session("00112233445566778899aabbccddeeff");
  private static final Tariff TARIFF =
      new Tariff(7, new Amount(400_000), new Amount(150_000), new Amount(1000));
  private static final long MINUTE = 60_000;

  private final SessionOffer offer = offer(1000);
  private Set<Direction> directions = Set.of(Direction.IMPORT);
  private Limits limits = Limits.NONE;
  private SessionTotals.Total last = total(4000, 10 * MINUTE, 1_610_000);
  private Duration elapsed = Duration.ofHours(1);
  private long peak = 0;

  @Test
  void theNextIncrementIsAccepted() {
    assertAccepted(claim(5000, 12 * MINUTE, 2_012_000));
  }

  @Test
  void whatCostsLessThanDueIsAccepted() {
    assertAccepted(claim(5000, 12 * MINUTE, 1_900_000));
  }

  @Test
  void aRefundIsAccepted() {
    assertAccepted(claim(3500, 10 * MINUTE, 1_410_000));
  }

  @Test
  void wrongSession() {
    EnergyClaim claim = claim(5000, 12 * MINUTE, 2_012_000);
    assertRefused(
        Refusal.WRONG_SESSION,
        new EnergyClaim(
            session("ff112233445566778899aabbccddeeff"),
            claim.direction(),
            claim.energy(),
            claim.duration(),
            claim.amount(),
            claim.tariffId(),
            claim.meterRecord()));
  }

  @Test
  void sessionThatHasEnded() {
    DriverSession ended =
        agreed()
            .summarised(
                new SessionSummary(
                    SESSION, StopReason.UNPLUGGED, last, last, wh(4000), MilliWattHours.ZERO),
                true);
    assertEquals(
        Optional.of(Refusal.WRONG_SESSION), review(ended, claim(5000, 12 * MINUTE, 2_012_000)));
  }

  @Test
  void wrongTariff() {
    EnergyClaim claim = claim(5000, 12 * MINUTE, 2_012_000);
    assertRefused(
        Refusal.WRONG_TARIFF,
        new EnergyClaim(
            SESSION,
            claim.direction(),
            claim.energy(),
            claim.duration(),
            claim.amount(),
            8,
            claim.meterRecord()));
  }

  @Test
  void wrongDirection() {
    assertRefused(Refusal.WRONG_DIRECTION, claim(Direction.EXPORT, 5000, 12 * MINUTE, 750_000));
  }

  @Test
  void timeThatFell() {
    assertRefused(Refusal.IMPLAUSIBLE_TIME, claim(5000, 9 * MINUTE, 2_009_000));
  }

  @Test
  void timeThatRunsFasterThanTheClock() {
    assertRefused(Refusal.IMPLAUSIBLE_TIME, claim(5000, 61 * MINUTE, 2_061_000));
  }

  @Test
  void energyThatFellAtAHigherPrice() {
    assertRefused(Refusal.ENERGY_FELL, claim(3999, 30 * MINUTE, 1_620_000));
  }

  @Test
  void moreAtOnceThanIncrementAndCreditAllow() {
    assertAccepted(claim(6010, 12 * MINUTE, 2_416_000));
    assertRefused(Refusal.JUMP, claim(6011, 12 * MINUTE, 2_416_000));
  }

  @Test
  void moreThanRatedPowerDelivers() {
    elapsed = Duration.ofMinutes(10);
    assertAccepted(claim(4043, 10 * MINUTE, 1_620_000));
    assertRefused(Refusal.IMPLAUSIBLE_POWER, claim(4044, 10 * MINUTE, 1_620_000));
  }

  @Test
  void moreThanTheTariffSays() {
    assertRefused(Refusal.WRONG_AMOUNT, claim(5000, 12 * MINUTE, 2_012_001));
  }

  @Test
  void energyLimit() {
    limits = new Limits(wh(4999), Limits.NONE.money(), 22_000, Duration.ofHours(9));
    assertRefused(Refusal.ENERGY_LIMIT, claim(5000, 12 * MINUTE, 2_012_000));
  }

  @Test
  void moneyLimit() {
    limits = new Limits(wh(9000), new Amount(2_011_999), 22_000, Duration.ofHours(9));
    assertRefused(Refusal.MONEY_LIMIT, claim(5000, 12 * MINUTE, 2_012_000));
  }

  @Test
  void timeLimit() {
    limits = new Limits(wh(9000), Limits.NONE.money(), 22_000, Duration.ofMinutes(11));
    assertRefused(Refusal.TIME_LIMIT, claim(5000, 12 * MINUTE, 2_012_000));
  }

  @Test
  void aPileThatPaysTooLittleForExportIsRefused() {
    directions = Set.of(Direction.EXPORT);
    last = total(4000, 0, 600_000);
    assertAccepted(claim(Direction.EXPORT, 5000, 0, 750_000));
    assertRefused(Refusal.WRONG_AMOUNT, claim(Direction.EXPORT, 5000, 0, 749_999));
  }

  @Test
  void exportedEnergyFallsNoFurtherThanWasPaidAhead() {
    directions = Set.of(Direction.EXPORT);
    last = total(4000, 0, 600_000);
    peak = 4000;
    assertRefused(Refusal.ENERGY_FELL, claim(Direction.EXPORT, 3999, 0, 600_000));
    assertEquals(
        Optional.empty(), review(agreed(offer(0)), claim(Direction.EXPORT, 3000, 0, 450_000)));
    assertEquals(
        Optional.of(Refusal.ENERGY_FELL),
        review(agreed(offer(0)), claim(Direction.EXPORT, 2999, 0, 450_000)));
  }

  private void assertAccepted(EnergyClaim claim) {
    assertEquals(Optional.empty(), review(agreed(), claim));
  }

  private void assertRefused(Refusal refusal, EnergyClaim claim) {
    assertEquals(Optional.of(refusal), review(agreed(), claim));
  }

  private Optional<Refusal> review(DriverSession session, EnergyClaim claim) {
    DriverPolicy policy =
        new DriverPolicy(
            new Amount(500_000),
            new Amount(2000),
            Amount.ZERO,
            wh(1000),
            Set.of(Direction.IMPORT, Direction.EXPORT),
            limits,
            wh(10),
            Optional.empty(),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2));
    return new ClaimReview(session, policy, AmountUnit.MILLISATOSHI, claim, last, elapsed)
        .refusal()
        .map(ClaimReview.Refused::refusal);
  }

  private DriverSession agreed() {
    return agreed(offer);
  }

  private DriverSession agreed(SessionOffer terms) {
    return new DriverSession(
        terms,
        directions,
        Instant.EPOCH,
        OptionalLong.of(0),
        wh(0),
        wh(peak),
        Optional.empty(),
        Optional.empty());
  }

  private static SessionOffer offer(long creditWattHours) {
    return new SessionOffer(
        SESSION,
        TARIFF,
        wh(1000),
        wh(creditWattHours),
        Set.of(Direction.IMPORT, Direction.EXPORT),
        wh(0),
        wh(0),
        22_000);
  }

  private static EnergyClaim claim(long wattHours, long millis, long amount) {
    return claim(Direction.IMPORT, wattHours, millis, amount);
  }

  private static EnergyClaim claim(Direction direction, long wattHours, long millis, long amount) {
    return new EnergyClaim(
        SESSION, direction, wh(wattHours), millis, new Amount(amount), 7, ByteVector.empty);
  }

  private static SessionTotals.Total total(long wattHours, long millis, long amount) {
    return new SessionTotals.Total(wh(wattHours), millis, new Amount(amount));
  }

  private static SessionId session(String hex) {
    return new SessionId(new ByteVector(hex));
  }

  private static MilliWattHours wh(long wattHours) {
    return MilliWattHours.ofWattHours(wattHours);
  }
}
