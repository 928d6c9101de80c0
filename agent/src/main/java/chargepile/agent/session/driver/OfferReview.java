package chargepile.agent.session.driver;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Direction;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Whether a driver takes a pile's terms. */
final class OfferReview {
  private OfferReview() {}

  /** The directions that both want; may be empty. */
  static Set<Direction> directions(SessionOffer offer, DriverPolicy policy) {
    Set<Direction> both = EnumSet.noneOf(Direction.class);
    both.addAll(offer.directions());
    both.retainAll(policy.directions());
    return both;
  }

  /**
   * Why the terms are not taken; empty when they are. Terms that were agreed to beforehand have
   * their price from there.
   *
   * @param agreement with this pile, in force or soon; empty where there is none
   */
  static Optional<String> refusal(
      SessionOffer offer, DriverPolicy policy, AmountUnit unit, Optional<Agreement> agreement) {
    Set<Direction> directions = directions(offer, policy);
    if (directions.isEmpty()) {
      return Optional.of("no direction is wanted by both");
    }
    boolean agreed = agreement.filter(a -> a.tariff().equals(offer.tariff())).isPresent();
    if (agreed && !directions.equals(Set.of(Direction.IMPORT))) {
      return Optional.of("what was agreed to is energy into the car");
    }
    if (!agreed && agreement.filter(Agreement::inForce).isPresent()) {
      return Optional.of(
          "the terms are not those agreed to beforehand: tariff %d at %s a kWh"
              .formatted(
                  agreement.get().tariff().id(),
                  unit.write(agreement.get().tariff().importPricePerKwh())));
    }
    return (agreed ? Optional.<String>empty() : price(offer.tariff(), directions, policy, unit))
        .or(() -> measure(offer, policy));
  }

  private static Optional<String> price(
      Tariff tariff, Set<Direction> directions, DriverPolicy policy, AmountUnit unit) {
    if (directions.contains(Direction.IMPORT)) {
      if (isAbove(tariff.importPricePerKwh(), policy.highestPrice())) {
        return Optional.of(
            "the price of %s a kWh is above the %s allowed"
                .formatted(
                    unit.write(tariff.importPricePerKwh()), unit.write(policy.highestPrice())));
      }
      if (isAbove(tariff.pricePerMinute(), policy.highestMinutePrice())) {
        return Optional.of(
            "the price of %s a minute is above the %s allowed"
                .formatted(
                    unit.write(tariff.pricePerMinute()), unit.write(policy.highestMinutePrice())));
      }
    }
    if (directions.contains(Direction.EXPORT)
        && isAbove(policy.lowestPrice(), tariff.exportPricePerKwh())) {
      return Optional.of(
          "%s for a kWh out of the car is below the %s wanted"
              .formatted(unit.write(tariff.exportPricePerKwh()), unit.write(policy.lowestPrice())));
    }
    return Optional.empty();
  }

  private static Optional<String> measure(SessionOffer offer, DriverPolicy policy) {
    if (offer.increment().compareTo(policy.largestIncrement()) > 0) {
      return Optional.of(
          "an increment of %d mWh is above the %d mWh allowed"
              .formatted(offer.increment().value(), policy.largestIncrement().value()));
    }
    if (offer.ratedPowerWatts() > policy.limits().powerWatts()) {
      return Optional.of(
          "the pile's %d W are above the %d W allowed"
              .formatted(offer.ratedPowerWatts(), policy.limits().powerWatts()));
    }
    return Optional.empty();
  }

  private static boolean isAbove(Amount price, Amount bound) {
    return price.compareTo(bound) > 0;
  }
}
