package chargepile.agent.session.driver;

import chargepile.agent.session.Moment;

/** A driver's pure state machine: every event in every state has an answer. */
public final class DriverMachine {
  private final DriverContext context;

  public DriverMachine(DriverContext context) {
    this.context = context;
  }

  /** The answer to an event at a moment. */
  public DriverTransition on(Driver driver, DriverEvent event, Moment now) {
    throw new UnsupportedOperationException(context + " " + driver + event + now);
  }
}
