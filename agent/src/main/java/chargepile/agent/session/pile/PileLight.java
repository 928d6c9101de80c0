package chargepile.agent.session.pile;

/** What the person in front of the pile is to see. */
public enum PileLight {
  /** Plug in to charge. */
  READY,
  /** Plugged in; the contactor is open. */
  WAITING,
  /** The contactor is closed. */
  CHARGING,
  /** Out of order. */
  FAULT
}
