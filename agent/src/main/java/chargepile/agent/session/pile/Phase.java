package chargepile.agent.session.pile;

import chargepile.agent.session.wire.StopReason;

/** Where a session is, as the pile sees it. */
public sealed interface Phase {
  /** The phase's name in documents and for people. */
  default String title() {
    return getClass().getSimpleName();
  }

  /** The terms are said; the driver has not agreed. The contactor is open. */
  record Offered() implements Phase {}

  /** The contactor is closed. */
  record Charging() implements Phase {}

  /** The contactor is open for a while. */
  record Paused(Cause cause) implements Phase {}

  /** Why a session is paused. */
  enum Cause {
    /** The driver has to pay first. */
    PAYMENT("waiting for payment"),
    /** The operator wants it. */
    OPERATOR("paused by the operator"),
    /** The pile was restarted; the driver has to confirm that it is still there. */
    RESTART("waiting for the driver after a restart"),
    /** The pile can't watch the chain, so it sells nothing more. */
    CHAIN("waiting until the chain is in sight again");

    private final String text;

    Cause(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  /** On the way to the end. */
  sealed interface Stopped extends Phase {
    StopReason reason();

    /** More about the reason, for people. */
    String text();
  }

  /** The contactor is open; the meter's last pulses are waited for. */
  record Stopping(StopReason reason, String text) implements Stopped {}

  /** The energy is final; the last claim is being settled. */
  record Settling(StopReason reason, String text) implements Stopped {}

  /** Nothing more will be claimed. The session stays until the car is unplugged. */
  record Ended(StopReason reason, String text) implements Stopped {}
}
