package chargepile.agent.session.pile;

import chargepile.agent.energy.Checked;
import chargepile.agent.energy.Checked.Finding;
import chargepile.agent.energy.Counted;
import chargepile.agent.energy.EdgeReading;
import chargepile.agent.energy.Plausibility;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.PowerEstimate;
import chargepile.agent.energy.PulseCounter;
import chargepile.agent.energy.PulseNotice;
import chargepile.agent.energy.Registers;
import chargepile.agent.units.Direction;
import java.util.List;
import java.util.OptionalLong;

/**
 * The pile's meter: edges in, registers and doubts out.
 *
 * @param flow the direction of the last pulse
 * @param lostEdges that the kernel's numbers show were never seen, since the start
 */
public record Meter(
    PulseCounter importCounter,
    PulseCounter exportCounter,
    PowerEstimate power,
    Direction flow,
    Plausibility plausibility,
    Registers registers,
    long lostEdges) {
  /**
   * What an edge led to.
   *
   * @param pulses how many were counted
   * @param lost how many edges before it were never seen
   */
  record Metered(Meter next, long pulses, long lost, List<Finding> findings) {}

  static Meter start(PileSettings settings, Registers registers, long nowNanos) {
    return new Meter(
        PulseCounter.start(settings.meter()),
        PulseCounter.start(settings.meter()),
        PowerEstimate.none(settings.meter()),
        Direction.IMPORT,
        Plausibility.start(settings.plausibility(), nowNanos),
        registers,
        0);
  }

  Metered on(EdgeReading edge) {
    boolean imports = edge.direction() == Direction.IMPORT;
    Counted counted = (imports ? importCounter : exportCounter).on(edge);
    Checked checked = plausibility.on(edge.direction(), counted.notices());
    Direction now = counted.pulses() > 0 ? edge.direction() : flow;
    PowerEstimate estimate = now == flow ? power : PowerEstimate.none(power.settings());
    long lost = 0;
    for (PulseNotice notice : counted.notices()) {
      if (notice instanceof PulseNotice.Pulse pulse) {
        estimate = estimate.on(pulse);
      } else if (notice instanceof PulseNotice.LostEdges gap) {
        lost += gap.count();
      }
    }
    Meter next =
        new Meter(
            imports ? counted.next() : importCounter,
            imports ? exportCounter : counted.next(),
            estimate,
            now,
            checked.next(),
            registers.plus(edge.direction(), counted.pulses(), power.settings().impulsesPerKwh()),
            lostEdges + lost);
    return new Metered(next, counted.pulses(), lost, checked.findings());
  }

  Meter with(Plausibility next) {
    return new Meter(importCounter, exportCounter, power, flow, next, registers, lostEdges);
  }

  /** The power at a time, positive into the car; empty when it is not known. */
  public OptionalLong watts(long nowNanos) {
    OptionalLong watts = power.watts(nowNanos);
    return flow == Direction.IMPORT || watts.isEmpty()
        ? watts
        : OptionalLong.of(-watts.getAsLong());
  }

  /** The power that flows for certain, either way; empty when the car may draw nothing. */
  OptionalLong load(long nowNanos) {
    OptionalLong watts = power.watts(nowNanos);
    return watts.isPresent()
            && watts.getAsLong() >= PlausibilityLimits.LOWEST_WATTS
            && power.isFresh(nowNanos)
        ? watts
        : OptionalLong.empty();
  }
}
