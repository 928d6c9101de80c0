package chargepile.agent.session;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import java.util.Collection;
import java.util.Optional;

/**
 * Terms that both sides agreed to before they met, such as an order of a market: a session with
 * that account is sold at them, and at no others, while they are in force.
 *
 * @param tariff its id names the agreement to both sides
 * @param account the peer's, as its channel has it
 * @param energy the most of a session that begins now, into the car; above 0
 * @param inForce whether its time has come; until then no other terms are offered to the account
 */
public record Agreement(Tariff tariff, EvmAddress account, MilliWattHours energy, boolean inForce) {
  public Agreement {
    if (energy.value() == 0) {
      throw new IllegalArgumentException("an agreement about no energy");
    }
  }

  /** The one that a session's terms are of; empty where they are the pile's own. */
  public static Optional<Agreement> of(Collection<Agreement> agreements, Tariff tariff) {
    return agreements.stream().filter(agreed -> agreed.tariff().equals(tariff)).findFirst();
  }

  /** The one that holds with an account first of all, in force or not. */
  public static Optional<Agreement> with(
      Collection<Agreement> agreements, Optional<EvmAddress> account) {
    return agreements.stream()
        .filter(agreed -> account.filter(agreed.account()::equals).isPresent())
        .reduce((one, other) -> one.inForce() || !other.inForce() ? one : other);
  }

  /** What a side wants at most of a session under it. */
  public Limits within(Limits limits) {
    return limits.energy().compareTo(energy) <= 0
        ? limits
        : new Limits(energy, limits.money(), limits.powerWatts(), limits.duration());
  }
}
