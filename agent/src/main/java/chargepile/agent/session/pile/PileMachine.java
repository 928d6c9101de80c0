package chargepile.agent.session.pile;

import chargepile.agent.session.Moment;

/** A pile's pure state machine: every event in every state has an answer. */
public final class PileMachine {
  private final PileContext context;

  public PileMachine(PileContext context) {
    this.context = context;
  }

  /** The answer to an event at a moment. */
  public PileTransition on(Pile pile, PileEvent event, Moment now) {
    throw new UnsupportedOperationException(context + " " + pile + event + now);
  }
}
