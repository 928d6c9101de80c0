package chargepile.agent.session.leg;

import java.util.List;

/** The answer to an event: the next state and what to do, in order. */
public record LegTransition(PaymentLeg next, List<LegAction> actions) {
  public LegTransition {
    actions = List.copyOf(actions);
  }
}
