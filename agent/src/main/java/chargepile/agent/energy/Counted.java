package chargepile.agent.energy;

import java.util.List;

/**
 * What an edge led to.
 *
 * @param next the counter to hand the next edge to
 * @param notices what was found, in the order of time; often empty
 */
public record Counted(PulseCounter next, List<PulseNotice> notices) {
  public Counted {
    notices = List.copyOf(notices);
  }

  /** The number of pulses among the notices: what the register grows by. */
  public long pulses() {
    return notices.stream().filter(PulseNotice.Pulse.class::isInstance).count();
  }
}
