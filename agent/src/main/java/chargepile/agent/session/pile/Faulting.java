package chargepile.agent.session.pile;

import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Faults: each opens the contactor at once, ends the session, and stands, over restarts too, until
 * the operator clears it, or by itself where nothing is risked by that.
 */
final class Faulting {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** How long after the opening time a contactor that opened under load is watched. */
  private static final Duration WATCHED = Duration.ofSeconds(10);

  /** One driver may have a full car, and come again with it. */
  private static final int TOO_MANY_UNMETERED = 3;

  private final Finishing finishing;

  Faulting(Finishing finishing) {
    this.finishing = finishing;
  }

  void raise(PileStep step, PileFault fault, String detail) {
    raise(step, fault, detail, StopReason.FAULT, "%s: %s".formatted(fault, detail));
  }

  private void raise(
      PileStep step, PileFault fault, String detail, StopReason reason, String text) {
    StandingFault known = step.faults.get(fault);
    boolean news = known == null || !known.detail().equals(detail);
    if (news) {
      step.store("fault: " + fault); // before the session's end gives the transition its name
    }
    finishing.stop(step, reason, text);
    step.openContactor();
    if (!news) {
      return;
    }
    Optional<Instant> since =
        known == null
            ? Optional.of(step.now().wall().truncatedTo(ChronoUnit.MILLIS))
            : known.since();
    step.faults.put(fault, new StandingFault(fault, since, detail));
    step.alert("%s: %s; %s".formatted(fault, detail, fault.remedy()));
    if (fault.clearsItself() && !step.isRunning(TimerId.Kind.TICK)) {
      step.setTimer(TimerId.Kind.TICK, SOON);
    }
  }

  /** The contactor conducts though nobody closed it, seen when it was to be closed. */
  void foundClosed(PileStep step) {
    raise(
        step,
        PileFault.WELDED_CONTACTOR,
        "the contactor's readback says closed before it was closed");
  }

  /** The over-temperature input was read. */
  void heat(PileStep step, boolean tooHot) {
    if (step.heat.tooHot() != tooHot) {
      step.heat = new Heat(tooHot, step.nanos());
    }
    if (tooHot) {
      raise(step, PileFault.OVER_TEMPERATURE, "the over-temperature input is on");
    }
  }

  /**
   * The plug was pulled. That ends a session as it is meant to, and without a lock anybody may do
   * it while power flows. But a contactor that opens under load may weld: until it has shown that
   * it has not, nothing is offered.
   */
  void unplugged(PileStep step) {
    OptionalLong load =
        step.contactor().closed() ? step.meter.load(step.nanos()) : OptionalLong.empty();
    if (load.isEmpty()) {
      finishing.stop(step, StopReason.UNPLUGGED, "the plug was pulled");
      return;
    }
    String text = "the plug was pulled under load, at %d W".formatted(load.getAsLong());
    raise(step, PileFault.PLUG_PULLED_UNDER_LOAD, text, StopReason.UNPLUGGED, text);
  }

  /**
   * Nothing was metered through a closed contactor for too long. The car may be full or the meter
   * dead; only when several drivers in a row got nothing metered at all, it must be the meter.
   */
  void silent(PileStep step) {
    step.session()
        .filter(PileSession::isRunning)
        .filter(
            session -> Arrays.stream(Direction.values()).allMatch(d -> isIdle(step, session, d)))
        .ifPresent(session -> step.unmetered.add(session.peer()));
    if (step.unmetered.size() >= TOO_MANY_UNMETERED) {
      raise(
          step,
          PileFault.DEAD_METER,
          "nothing was metered for %d drivers in a row".formatted(step.unmetered.size()));
    } else {
      finishing.stop(step, StopReason.NOTHING_METERED, silence(step.settings().plausibility()));
    }
  }

  private static boolean isIdle(PileStep step, PileSession session, Direction direction) {
    return session.delivered(direction, step.meter.registers()).value() == 0;
  }

  private static String silence(PlausibilityLimits limits) {
    return "nothing was metered for %d s: the car is full, or the meter is dead"
        .formatted(limits.deadAfter().toSeconds());
  }

  /** Ends what may end by itself. */
  void clearThemselves(PileStep step) {
    for (StandingFault standing : step.faults.values().stream().toList()) {
      if (isOver(step, standing.fault())) {
        step.faults.remove(standing.fault());
        step.declined.clear(); // an offer may have been withdrawn for it
        step.alert("%s is over".formatted(standing.fault()));
        step.store("fault over: " + standing.fault());
      }
    }
  }

  /** Whether there is something to be looked at every second, with or without a car. */
  static boolean areWatched(PileStep step) {
    return step.faults.keySet().stream().anyMatch(PileFault::clearsItself);
  }

  private static boolean isOver(PileStep step, PileFault fault) {
    PlausibilityLimits limits = step.settings().plausibility();
    return switch (fault) {
      case OVER_TEMPERATURE ->
          !step.heat.tooHot() && passed(step, step.heat.sinceNanos(), limits.coolDown());
      case PLUG_PULLED_UNDER_LOAD ->
          passed(
              step,
              Math.max(
                  step.meter.plausibility().sinceNanos(), step.meter.plausibility().aliveNanos()),
              limits.openingTime().plus(WATCHED));
      case OVER_POWER,
          HARDWARE_FAILED,
          WELDED_CONTACTOR,
          CONTACTOR_NOT_CLOSING,
          TIME_BACKWARDS,
          NOISE,
          METER_BACKWARDS,
          BOTH_DIRECTIONS,
          DEAD_METER ->
          false;
    };
  }

  /** Whether an input shows the fault at this moment. */
  private static boolean isSeen(PileStep step, PileFault fault) {
    return switch (fault) {
      case OVER_TEMPERATURE -> step.heat.tooHot();
      case WELDED_CONTACTOR -> step.contactor().conducts();
      case OVER_POWER,
          HARDWARE_FAILED,
          CONTACTOR_NOT_CLOSING,
          TIME_BACKWARDS,
          NOISE,
          METER_BACKWARDS,
          BOTH_DIRECTIONS,
          DEAD_METER,
          PLUG_PULLED_UNDER_LOAD ->
          false;
    };
  }

  private static boolean passed(PileStep step, long sinceNanos, Duration time) {
    return step.nanos() - sinceNanos >= time.toNanos();
  }

  /**
   * The operator says that all is dealt with. What is not, shows again; what shows now, stays.
   *
   * @return what stays, if anything
   */
  Optional<String> clear(PileStep step) {
    step.faults.keySet().removeIf(fault -> !isSeen(step, fault));
    step.unmetered.clear();
    step.declined.clear();
    step.meter = step.meter.with(step.meter.plausibility().cleared(step.nanos()));
    step.setTimer(TimerId.Kind.TICK, SOON);
    step.store("faults cleared");
    return step.faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            step.faults.values().stream()
                .map(left -> "%s stays: %s".formatted(left.fault(), left.detail()))
                .collect(Collectors.joining("; ")));
  }
}
