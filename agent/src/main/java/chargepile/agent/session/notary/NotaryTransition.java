package chargepile.agent.session.notary;

import java.util.List;

/** The answer to an event: the next state, and what is to be done. */
public record NotaryTransition(Notary next, List<NotaryAction> actions) {
  public NotaryTransition {
    actions = List.copyOf(actions);
  }
}
