package chargepile.agent.energy;

import java.util.List;

/**
 * What a report to {@link Plausibility} led to.
 *
 * @param next what to hand the next report to
 * @param findings the faults that have just arisen; each kind is told once until cleared
 */
public record Checked(Plausibility next, List<Finding> findings) {
  public Checked {
    findings = List.copyOf(findings);
  }

  /**
   * A fault.
   *
   * @param timestampNanos when it showed, by the edges' clock
   * @param detail the figures, for whoever has to look into it
   */
  public record Finding(PileFault fault, long timestampNanos, String detail) {}
}
