package chargepile.agent.energy;

/**
 * What makes it unsafe, or unsound, to go on selling: of the meter and of all that stands by it.
 */
public enum PileFault {
  /** Pulses in a row came faster than rated power and its margin allow. */
  OVER_POWER(
      "check meter.impulses_per_kwh and pile.rated_power_w against the plates of meter and pile"),
  /** The lines of meter, plug or contactor can't be read or driven any more. */
  HARDWARE_FAILED("mend the line, then restart the agent"),
  /** Pulses, or the contactor's own readback, say that it conducts after it was opened. */
  WELDED_CONTACTOR("disconnect the pile from the grid and replace the contactor"),
  /** The contactor's readback says open after it was closed: it did not close, or fell open. */
  CONTACTOR_NOT_CLOSING(
      "look at the emergency stop, the coil and its supply, and the wire of"
          + " gpio.contactor_readback_pin"),
  /** A time stamp was earlier than the one before it. */
  TIME_BACKWARDS("restart the machine; if it comes again, its clock or kernel is broken"),
  /** More noise a minute than a sound line has. */
  NOISE("check shielding and pull-up of the meter's line"),
  /** Energy was metered in a direction that nobody agreed to. */
  METER_BACKWARDS(
      "check which way round the meter is connected, and gpio.import_pin and gpio.export_pin"),
  /** Import and export were metered at the same time, which no meter does. */
  BOTH_DIRECTIONS("look for a short between the meter's two outputs, or their wires"),
  /** Several drivers in a row charged, and nothing at all was metered. */
  DEAD_METER("look at the meter, its pulse output and the wire of gpio.import_pin"),
  /** The plug went while power flowed: the contactor opened under load, and may have welded. */
  PLUG_PULLED_UNDER_LOAD("if it comes often, look at the socket's contacts for burns"),
  /** The over-temperature input is on. */
  OVER_TEMPERATURE("let it cool; look at ventilation, terminals and the input's wire");

  private final String remedy;

  PileFault(String remedy) {
    this.remedy = remedy;
  }

  /** What to do about it, for the operator. */
  public String remedy() {
    return remedy;
  }

  /** Whether it ends by itself once its cause is gone; any other waits for the operator. */
  public boolean clearsItself() {
    return this == PLUG_PULLED_UNDER_LOAD || this == OVER_TEMPERATURE;
  }
}
