package chargepile.agent.session.pile;

import chargepile.agent.session.ChainSight;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.TimerId;
import java.time.Duration;
import java.util.Optional;

/** How long the pile sells on while it can't watch the chain. */
final class Grace {
  private final Duration grace;

  Grace(Duration grace) {
    this.grace = grace;
  }

  /** Takes note of how the chain stands; the operator hears of its going and its coming back. */
  void told(PileStep step, Optional<ChainTrouble> trouble) {
    boolean was = step.chain.trouble().isPresent();
    step.chain = step.chain.told(trouble);
    if (!was && trouble.isPresent()) {
      String reason = trouble.get().reason();
      step.alert(
          "the chain is out of sight, energy is sold for %d s more: %s"
              .formatted(Math.max(0, left(step).toSeconds()), reason));
      step.store(ChainSight.LOST + ": " + reason);
    } else if (was && trouble.isEmpty()) {
      step.alert("the chain is in sight again");
      step.store(ChainSight.FOUND);
    }
  }

  /** Sees whether the grace is over; may be called at any time. */
  void drive(PileStep step) {
    boolean was = step.chain.blind();
    step.chain = step.chain.at(step.nanos(), grace);
    if (step.chain.trouble().isEmpty() || step.chain.blind()) {
      step.cancel(TimerId.Kind.GRACE);
    } else if (!step.isRunning(TimerId.Kind.GRACE)) {
      step.setTimer(TimerId.Kind.GRACE, left(step));
    }
    if (!was && step.chain.blind()) {
      step.alert(
          "nothing is sold until the chain is in sight again; what was delivered is still claimed");
    }
  }

  private Duration left(PileStep step) {
    return step.chain.left(step.nanos(), grace).orElse(grace);
  }
}
