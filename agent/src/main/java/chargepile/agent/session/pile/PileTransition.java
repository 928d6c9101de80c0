package chargepile.agent.session.pile;

import java.util.List;

/** The answer to an event: the next state and what to do, in order. */
public record PileTransition(Pile next, List<PileAction> actions) {
  public PileTransition {
    actions = List.copyOf(actions);
  }
}
