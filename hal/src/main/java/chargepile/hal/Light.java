package chargepile.hal;

/** What the status light tells the person in front of the pile. */
public enum Light {
  /** Dark: the pile is out of service. */
  OFF,
  /** Steady: plug in to charge. */
  READY,
  /** Slow blinking, 1 Hz: energy flows. */
  CHARGING,
  /** Fast blinking, 4 Hz: see the display or the agent's log. */
  FAULT
}
