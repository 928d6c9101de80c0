package chargepile.agent.session.driver;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Direction;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a driver co-signs a claim: it checks every one against the terms it agreed to, its
 * limits, and what rated power can have delivered (P1-29).
 *
 * @param unit what amounts count
 * @param last what the claim follows: the totals that both signed, or an earlier claim of the frame
 * @param elapsed time since the terms were agreed to
 */
record ClaimReview(
    DriverSession session,
    DriverPolicy policy,
    AmountUnit unit,
    EnergyClaim claim,
    SessionTotals.Total last,
    Duration elapsed) {
  /** A claim that is not accepted, and why. */
  record Refused(Refusal refusal, String text) {}

  /** For the delay between the pile's clock and the driver's, and ticks of a second. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** Rated power is exceeded for moments: overshoot of cars, jitter of meters. */
  private static final int POWER_MARGIN_PERCENT = 10;

  /** Why the claim is refused; empty when it is accepted. */
  Optional<Refused> refusal() {
    SessionOffer offer = session.offer();
    if (!claim.session().equals(session.id()) || !session.isOpen()) {
      return refused(Refusal.WRONG_SESSION, "session %s is not open".formatted(claim.session()));
    }
    if (claim.tariffId() != offer.tariff().id()) {
      return refused(
          Refusal.WRONG_TARIFF,
          "tariff %d, agreed is %d".formatted(claim.tariffId(), offer.tariff().id()));
    }
    if (!session.directions().contains(claim.direction())) {
      return refused(Refusal.WRONG_DIRECTION, "%s was not agreed to".formatted(claim.direction()));
    }
    return time().or(this::energy).or(this::amount).or(this::limits);
  }

  private Optional<Refused> time() {
    long most = plus(Math.max(elapsed.toMillis(), last.duration()), CLOCK_TOLERANCE.toMillis());
    if (claim.duration() < last.duration() || claim.duration() > most) {
      return refused(
          Refusal.IMPLAUSIBLE_TIME,
          "charging time of %d ms after %d ms, %d ms after the start"
              .formatted(claim.duration(), last.duration(), elapsed.toMillis()));
    }
    return Optional.empty();
  }

  private Optional<Refused> energy() {
    Exposure exposure = new Exposure(session.offer().increment(), session.offer().credit());
    long energy = claim.energy().value();
    long tolerance = policy.tolerance().value();
    if (energy < last.energy().value() && !mayFall(exposure)) {
      return refused(
          Refusal.ENERGY_FELL, "%d mWh after %d mWh".formatted(energy, last.energy().value()));
    }
    long step = plus(exposure.largestClaim().value(), tolerance);
    if (energy > plus(last.energy().value(), step)) {
      return refused(
          Refusal.JUMP,
          "%d mWh after %d mWh, the terms allow %d mWh at once"
              .formatted(energy, last.energy().value(), step));
    }
    long possible = plus(deliverable(), plus(exposure.advance().value(), tolerance));
    if (energy > possible) {
      return refused(
          Refusal.IMPLAUSIBLE_POWER,
          "%d mWh within %d ms is more than %d W can deliver"
              .formatted(energy, elapsed.toMillis(), session.offer().ratedPowerWatts()));
    }
    return Optional.empty();
  }

  /**
   * What was paid ahead may be given back: on import that is to the driver's gain; on export only
   * what the pile can have paid ahead.
   */
  private boolean mayFall(Exposure exposure) {
    return switch (claim.direction()) {
      case IMPORT -> claim.amount().compareTo(last.amount()) <= 0;
      case EXPORT ->
          claim.energy().plus(exposure.advance()).compareTo(session.peak(Direction.EXPORT)) >= 0;
    };
  }

  private Optional<Refused> amount() {
    Amount due =
        session
            .offer()
            .tariff()
            .due(claim.direction(), claim.energy(), Duration.ofMillis(claim.duration()));
    int more = claim.amount().compareTo(due);
    boolean wrong = claim.direction() == Direction.IMPORT ? more > 0 : more < 0;
    return wrong
        ? refused(
            Refusal.WRONG_AMOUNT,
            "%s for %d mWh, due are %s"
                .formatted(unit.write(claim.amount()), claim.energy().value(), unit.write(due)))
        : Optional.empty();
  }

  private Optional<Refused> limits() {
    Limits limits = policy.limits();
    if (claim.energy().compareTo(limits.energy()) > 0) {
      return refused(
          Refusal.ENERGY_LIMIT,
          "%d mWh, the limit is %d mWh".formatted(claim.energy().value(), limits.energy().value()));
    }
    if (claim.direction() == Direction.IMPORT && claim.amount().compareTo(limits.money()) > 0) {
      return refused(
          Refusal.MONEY_LIMIT,
          "%s, the limit is %s".formatted(unit.write(claim.amount()), unit.write(limits.money())));
    }
    if (claim.duration() > plus(limits.duration().toMillis(), CLOCK_TOLERANCE.toMillis())) {
      return refused(
          Refusal.TIME_LIMIT,
          "%d ms, the limit is %d ms".formatted(claim.duration(), limits.duration().toMillis()));
    }
    return Optional.empty();
  }

  private long deliverable() {
    return deliverable(session.offer(), Math.max(elapsed.toMillis(), last.duration()));
  }

  /**
   * What of a pile's account of a session can't be, where no meter signs it: nobody signs that less
   * was delivered than was paid and not paid ahead, or more than rated power delivers.
   *
   * @param paid what both signed
   * @param elapsed time since the terms were agreed to
   */
  static Optional<String> objection(
      SessionSummary summary,
      SessionOffer offer,
      DriverPolicy policy,
      SessionTotals paid,
      Duration elapsed) {
    if (offer.meterKey().isPresent()) {
      return Optional.empty(); // its records say it
    }
    long ahead = new Exposure(offer.increment(), offer.credit()).advance().value();
    long tolerance = policy.tolerance().value();
    for (Direction direction : Direction.values()) {
      SessionTotals.Total total = paid.total(direction);
      long delivered = summary.delivered(direction).value();
      long least = Math.max(0, total.energy().value() - ahead);
      long most =
          plus(
              deliverable(
                  offer,
                  plus(Math.max(elapsed.toMillis(), total.duration()), CLOCK_TOLERANCE.toMillis())),
              tolerance);
      if (plus(delivered, tolerance) < least || delivered > most) {
        return Optional.of(
            "%s: %d mWh are said to be delivered, it must be %d to %d mWh by what was paid, the rated power and the time"
                .formatted(direction, delivered, least, most));
      }
    }
    return Optional.empty();
  }

  /** What an offer's rated power and its margin deliver in a time, in mWh. */
  static long deliverable(SessionOffer offer, long millis) {
    return BigInteger.valueOf(offer.ratedPowerWatts())
        .multiply(BigInteger.valueOf(millis))
        .multiply(BigInteger.valueOf(100 + POWER_MARGIN_PERCENT))
        .divide(BigInteger.valueOf(360_000))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static Optional<Refused> refused(Refusal refusal, String text) {
    return Optional.of(new Refused(refusal, text));
  }
}
