package chargepile.agent.session.pile;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** To whom the pile is promised, by what drivers agreed to beforehand (P2-11). */
final class Promises {
  private Promises() {}

  /** Whether the time of an agreement has come that at least a pulse is left of. */
  static boolean isPromised(PileStep step) {
    return deliverable(step).stream().anyMatch(Agreement::inForce);
  }

  /** The one whose terms an account is to be offered, or that keeps others from it. */
  static Optional<Agreement> with(PileStep step, Optional<EvmAddress> account) {
    return Agreement.with(deliverable(step), account);
  }

  /** Whether terms that were offered may be agreed to now. */
  static boolean mayBegin(PileStep step, SessionOffer offer) {
    return isInForce(step, offer.tariff()) || (isList(step, offer) && !isPromised(step));
  }

  /**
   * Whether a session may go on. Under the pile's own terms it does, be they other ones by now,
   * until the pile is promised to somebody.
   */
  static boolean mayGoOn(PileStep step, PileSession session) {
    return session.beforehand()
        ? Agreement.of(step.agreements, session.offer().tariff()).isPresent()
        : !isPromised(step);
  }

  /**
   * What the peer of a session that has ended is offered without a replug: another agreement of
   * its, or what is left of the same where a fault of the pile or an error about its terms ended
   * it. One that it or the pile ended otherwise before its time is not tried again, nor, while that
   * one is in force, any other; else two of them could take turns for ever, with a credit each.
   */
  static Optional<Agreement> next(PileStep step, PileSession session) {
    if (!(session.phase() instanceof Phase.Ended(var reason, _))
        || reason == StopReason.OPERATOR_STOPPED) {
      return Optional.empty();
    }
    Tariff last = session.offer().tariff();
    boolean failed = reason == StopReason.FAULT || reason == StopReason.AGREEMENT_OVER;
    if (reason != StopReason.ENERGY_LIMIT && !failed && isInForce(step, last)) {
      return Optional.empty();
    }
    List<Agreement> wanted =
        deliverable(step).stream()
            .filter(agreed -> failed || !agreed.tariff().equals(last))
            .toList();
    return Agreement.with(wanted, step.leg(session.peer()).peerAccount())
        .filter(Agreement::inForce);
  }

  /**
   * What a session took is sold, until it is told what is left of its agreement: all of it where it
   * ended for that.
   */
  static void kept(PileStep step, PileSession session, StopReason reason) {
    MilliWattHours taken = session.delivered(Direction.IMPORT, step.meter.registers());
    step.agreements =
        step.agreements.stream()
            .flatMap(
                agreed ->
                    agreed.tariff().equals(session.offer().tariff())
                        ? left(agreed, reason == StopReason.ENERGY_LIMIT ? agreed.energy() : taken)
                        : Stream.of(agreed))
            .toList();
  }

  private static Stream<Agreement> left(Agreement agreed, MilliWattHours taken) {
    return agreed.energy().compareTo(taken) > 0
        ? Stream.of(
            new Agreement(
                agreed.tariff(), agreed.account(), agreed.energy().minus(taken), agreed.inForce()))
        : Stream.empty();
  }

  private static boolean isList(PileStep step, SessionOffer offer) {
    return offer.tariff().equals(step.settings().tariff());
  }

  private static boolean isInForce(PileStep step, Tariff tariff) {
    return Agreement.of(step.agreements, tariff).filter(Agreement::inForce).isPresent();
  }

  /** Less than a pulse can't be sold. */
  private static List<Agreement> deliverable(PileStep step) {
    return step.agreements.stream()
        .filter(agreed -> agreed.energy().compareTo(Charging.pulse(step)) >= 0)
        .toList();
  }
}
