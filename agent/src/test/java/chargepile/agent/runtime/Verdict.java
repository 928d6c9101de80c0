package chargepile.agent.runtime;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds what became of a {@link Charge} against what must hold whatever an attacker did. */
final class Verdict {
  private static final long TWO_PULSES = 2_000;

  private final Charge charge;
  private final TwoNodes nodes;

  Verdict(Charge charge) {
    this.charge = charge;
    this.nodes = charge.nodes;
  }

  /** What does not hold, in words. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(charge.pile.violations());
    faults.addAll(charge.driver.violations());
    faults.addAll(charge.eve.failures());
    faults.addAll(charge.obedience.faults());
    nodes.pile.failure().ifPresent(e -> faults.add("the pile failed: " + e));
    nodes.driver.failure().ifPresent(e -> faults.add("the driver failed: " + e));
    if (nodes.hardware.contactor().engaged()) {
      faults.add("the contactor is closed");
    }
    checkEnergy(faults);
    checkBalances(faults);
    checkSettlements(faults);
    faults.addAll(new Payout(charge).faults());
    return faults;
  }

  /** All sessions together, by the meter itself: a session that was forgotten counts too. */
  private void checkEnergy(List<String> faults) {
    Takings takings = charge.takings;
    long price = nodes.terms.pile().tariff().importPricePerKwh().value();
    if (takings.delivered() != charge.metered()) {
      faults.add(
          "%d mWh flowed, the sessions have %d".formatted(charge.metered(), takings.delivered()));
    }
    if (takings.maxUnpaid() > TwoNodes.CREDIT + TWO_PULSES) {
      faults.add("%d mWh were unpaid".formatted(takings.maxUnpaid()));
    }
    if (takings.paidAmount() != takings.paidEnergy() * price / 1_000_000) {
      faults.add(
          "%d mWh were paid with %d msat".formatted(takings.paidEnergy(), takings.paidAmount()));
    }
    long unpaid = charge.metered() - takings.paidEnergy();
    if (unpaid < 0 || unpaid > takings.sessions() * (TwoNodes.CREDIT + TWO_PULSES)) {
      faults.add("%d mWh are paid of %d".formatted(takings.paidEnergy(), charge.metered()));
    }
  }

  /** What both have signed about a session is the same at both. */
  private void checkSettlements(List<String> faults) {
    var atPile = nodes.pileStore.settlements();
    var atDriver = nodes.driverStore.settlements();
    if (!atPile.isEmpty() && !atDriver.isEmpty() && !atPile.equals(atDriver)) {
      faults.add("the settlements differ: " + atPile + " and " + atDriver);
    }
  }

  /** The own commitment of each is one that the other has signed, with the same content. */
  private void checkBalances(List<String> faults) {
    Optional<Commitments> atPile =
        Payout.last(nodes.pile.state().leg(Charge.driverKey()).penalty().orElseThrow());
    Optional<Commitments> atDriver = Payout.last(charge.drivers());
    if (atPile.isPresent() && atDriver.isPresent()) {
      checkSigned("pile", atPile.get(), atDriver.get(), faults);
      checkSigned("driver", atDriver.get(), atPile.get(), faults);
      long signed = atPile.get().local().allocation().spec().toLocal().value() / 1000;
      if (charge.outcome().filter(Outcome.COOPERATIVE_CLOSE::equals).isPresent()
          && nodes.chain.balance(nodes.pileHome).value() != (signed < Payout.DUST ? 0 : signed)) {
        faults.add(
            "of %d sat the chain pays the pile %s"
                .formatted(signed, nodes.chain.balance(nodes.pileHome)));
      }
    }
  }

  private static void checkSigned(
      String whose, Commitments own, Commitments others, List<String> faults) {
    Commitments.Local local = own.local();
    List<Commitments.Remote> signed = new ArrayList<>(List.of(others.remote()));
    others.remoteNext().ifPresent(next -> signed.add(next.commit()));
    Optional<Allocation> theirs =
        signed.stream()
            .filter(remote -> remote.number() == local.number())
            .map(Commitments.Remote::allocation)
            .findFirst();
    if (!theirs.equals(Optional.of(local.allocation()))) {
      faults.add(
          "the %s's commitment %d divides as %s; the other signed %s"
              .formatted(whose, local.number(), local.allocation(), theirs));
    }
  }
}
