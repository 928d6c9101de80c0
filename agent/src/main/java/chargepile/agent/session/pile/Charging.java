package chargepile.agent.session.pile;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;

import chargepile.agent.session.Exposure;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Optional;

/**
 * A running session: claims what is due, and keeps the contactor closed only while what is not paid
 * stays within the credit.
 *
 * <p>When the bound is reached with a claim under way the contactor waits for half a pulse's time
 * before it opens: at steady power no further pulse comes meanwhile. A pulse that comes all the
 * same opens it at once.
 *
 * <p>While the chain is out of sight for too long the contactor stays open; all that has flowed is
 * claimed, and nothing ahead.
 */
final class Charging {
  private static final Duration SHORTEST_GRACE = Duration.ofMillis(20);
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(2);

  /** Time that costs money is claimed after this long also when no energy flows. */
  private static final Duration CLAIM_TIME_AFTER = Duration.ofMinutes(1);

  private final MeterRecords records;
  private final Finishing finishing;

  Charging(MeterRecords records, Finishing finishing) {
    this.records = records;
    this.finishing = finishing;
  }

  /** Brings claims and contactor in line with meter and channel; may be called at any time. */
  void drive(PileStep step) {
    PileSession session = step.session().orElse(null);
    if (session == null || !session.isRunning()) {
      return;
    }
    noteUnpaid(step);
    if (!leg(step, session).isOpen()) {
      finishing.stop(step, StopReason.CHANNEL_CLOSING, "the channel is being closed");
      return;
    }
    if (isPausedFor(session, Phase.Cause.OPERATOR) || isPausedFor(session, Phase.Cause.RESTART)) {
      awaitPeer(step, session);
      return;
    }
    Optional<StopReason> limit = limitReached(step, session);
    if (limit.isPresent()) {
      finishing.stop(step, limit.get(), limitText(limit.get()));
      return;
    }
    if (step.chain.blind()) {
      claimDelivered(step, session);
    } else {
      claimDue(step, session);
    }
    if (step.session().filter(PileSession::isRunning).isPresent()) {
      steerContactor(step, session);
      awaitPeer(step, step.session().get());
    }
  }

  /** The bound was reached and the claim is not settled in time. */
  void boundTimeUp(PileStep step) {
    if (step.session().filter(s -> s.phase() instanceof Phase.Charging).isPresent()) {
      pauseForPayment(step);
    }
  }

  /** Keeps the session's highest exposure up to date. */
  void noteUnpaid(PileStep step) {
    PileSession session = step.session().orElse(null);
    if (session == null || session.phase() instanceof Phase.Ended) {
      return;
    }
    for (Direction direction : session.directions()) {
      session = session.withUnpaid(account(step, session, direction).unpaid());
    }
    step.session(session);
  }

  private void claimDue(PileStep step, PileSession session) {
    PaymentLeg leg = leg(step, session);
    if (!leg.isUsable() || leg.isPending()) {
      return;
    }
    Direction flow = session.clock().direction();
    Direction other = flow == IMPORT ? EXPORT : IMPORT;
    Claims flowing = account(step, session, flow);
    Claims resting = account(step, session, other);
    Exposure exposure = exposure(session);
    MilliWattHours energy = null;
    Claims account = flowing;
    if (exposure.claimDue(flowing.delivered(), flowing.paid().energy())
        || timeDue(session, flowing)) {
      energy = flowing.payable(exposure.nextClaim(flowing.delivered()));
    } else if (session.directions().contains(other)
        && resting.unpaid().compareTo(exposure.increment()) >= 0) {
      account = resting;
      energy = resting.payable(resting.delivered());
    }
    if (energy != null) {
      claim(step, session, account, energy);
    }
  }

  /** Nobody knows for how long nothing will flow, so no part of an increment is left open. */
  private void claimDelivered(PileStep step, PileSession session) {
    for (Direction direction : session.directions()) {
      PaymentLeg leg = leg(step, session);
      if (leg.isUsable() && !leg.isPending()) {
        Claims account = account(step, session, direction);
        claim(step, session, account, account.payable(account.delivered()));
      }
    }
  }

  private void claim(PileStep step, PileSession session, Claims account, MilliWattHours energy) {
    if (energy.compareTo(account.paid().energy()) < 0 || !account.isWorthwhile(energy)) {
      return;
    }
    Optional<String> refusal = records.claim(step, session, account, energy);
    if (refusal.isPresent()) {
      finishing.stop(step, StopReason.BALANCE_EXHAUSTED, refusal.get());
    }
  }

  private static boolean timeDue(PileSession session, Claims flowing) {
    Amount perMinute = session.offer().tariff().pricePerMinute();
    Duration claimed = Duration.ofMillis(flowing.paid().duration());
    return flowing.direction() == IMPORT
        && perMinute.value() > 0
        && flowing.time().minus(claimed).compareTo(CLAIM_TIME_AFTER) >= 0;
  }

  private void steerContactor(PileStep step, PileSession session) {
    if (step.chain.blind()) {
      if (!isPausedFor(session, Phase.Cause.CHAIN)) {
        pause(step, Phase.Cause.CHAIN);
      }
      return;
    }
    if (isPausedFor(session, Phase.Cause.CHAIN)) {
      step.session(session.with(new Phase.Paused(Phase.Cause.PAYMENT)));
      step.store("resumed: the chain is in sight");
    }
    PaymentLeg leg = leg(step, session);
    boolean room = hasRoom(step, session);
    if (step.contactor().closed()) {
      if (room) {
        step.cancel(TimerId.Kind.BOUND);
      } else if (isExceeded(step, session) || !leg.isUsable() || !leg.isPending()) {
        pauseForPayment(step);
      } else if (!step.isRunning(TimerId.Kind.BOUND)) {
        Duration grace = grace(step);
        if (grace.isPositive()) {
          step.setTimer(TimerId.Kind.BOUND, grace);
        } else {
          pauseForPayment(step);
        }
      }
    } else if (room && leg.isUsable()) {
      long wait = step.contactor().notBeforeNanos() - step.nanos();
      if (step.contactor().notBeforeNanos() == Long.MIN_VALUE || wait <= 0) {
        step.cancel(TimerId.Kind.RECLOSE);
        step.closeContactor();
        step.session().ifPresent(s -> step.session(s.with(new Phase.Charging())));
      } else if (!step.isRunning(TimerId.Kind.RECLOSE)) {
        step.setTimer(TimerId.Kind.RECLOSE, Duration.ofNanos(wait));
      }
    }
  }

  private static void pauseForPayment(PileStep step) {
    pause(step, Phase.Cause.PAYMENT);
  }

  private static void pause(PileStep step, Phase.Cause cause) {
    step.openContactor();
    step.cancel(TimerId.Kind.BOUND);
    step.cancel(TimerId.Kind.RECLOSE);
    step.session().ifPresent(s -> step.session(s.with(new Phase.Paused(cause))));
    step.store("paused: " + cause.text());
  }

  /** A driver that owes an answer, or is not there, is waited for only so long. */
  private void awaitPeer(PileStep step, PileSession session) {
    PaymentLeg leg = leg(step, session);
    boolean owes =
        isPausedFor(session, Phase.Cause.RESTART)
            || (isPausedFor(session, Phase.Cause.PAYMENT) && !hasRoom(step, session));
    boolean waits = !leg.isUsable() || leg.isPending() || owes;
    if (!waits) {
      step.cancel(TimerId.Kind.PEER);
    } else if (!step.isRunning(TimerId.Kind.PEER)) {
      step.setTimer(TimerId.Kind.PEER, step.settings().peerTimeout());
    }
  }

  private static boolean isPausedFor(PileSession session, Phase.Cause cause) {
    return session.phase() instanceof Phase.Paused(var why) && why == cause;
  }

  private Optional<StopReason> limitReached(PileStep step, PileSession session) {
    Claims flowing = account(step, session, session.clock().direction());
    MilliWattHours next = flowing.delivered().plus(pulse(step));
    if (flowing.time().compareTo(session.limits().duration()) >= 0) {
      return Optional.of(StopReason.TIME_LIMIT);
    }
    if (next.compareTo(session.limits().energy()) > 0) {
      return Optional.of(StopReason.ENERGY_LIMIT);
    }
    if (!flowing.isWanted(next)) {
      return Optional.of(StopReason.MONEY_LIMIT);
    }
    return flowing.isAffordable(next)
        ? Optional.empty()
        : Optional.of(StopReason.BALANCE_EXHAUSTED);
  }

  private static String limitText(StopReason reason) {
    return switch (reason) {
      case TIME_LIMIT -> "the agreed charging time is over";
      case ENERGY_LIMIT -> "the agreed energy has flowed";
      case MONEY_LIMIT -> "one more pulse would cost more than the driver allows";
      default -> "the payer's balance in the channel does not cover one more pulse";
    };
  }

  private boolean hasRoom(PileStep step, PileSession session) {
    Claims flowing = account(step, session, session.clock().direction());
    return exposure(session).hasRoom(flowing.delivered(), flowing.paid().energy(), pulse(step))
        && !isExceeded(step, session);
  }

  private boolean isExceeded(PileStep step, PileSession session) {
    return session.directions().stream()
        .map(direction -> account(step, session, direction))
        .anyMatch(a -> exposure(session).isExceeded(a.delivered(), a.paid().energy()));
  }

  /** Half the time between the last two pulses, less what the contactor takes to open. */
  private static Duration grace(PileStep step) {
    long rated = step.settings().meter().ratedPowerWatts();
    long watts = step.meter.power().watts(step.nanos()).orElse(rated);
    Duration half =
        Duration.ofNanos(step.settings().meter().spacingNanosAt(Math.max(1, watts)) / 2);
    Duration bounded =
        half.compareTo(SHORTEST_GRACE) < 0
            ? SHORTEST_GRACE
            : half.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : half;
    return bounded.minus(step.settings().switching().opening());
  }

  /** What a pulse of the meter stands for, rounded up. */
  static MilliWattHours pulse(PileStep step) {
    long impulses = step.settings().meter().impulsesPerKwh();
    return new MilliWattHours((MilliWattHours.PER_KWH + impulses - 1) / impulses);
  }

  private static Exposure exposure(PileSession session) {
    return new Exposure(session.offer().increment(), session.offer().credit());
  }

  private static PaymentLeg leg(PileStep step, PileSession session) {
    return step.leg(session.peer());
  }

  private static Claims account(PileStep step, PileSession session, Direction direction) {
    return Claims.of(
        session, direction, step.meter.registers(), step.leg(session.peer()), step.nanos());
  }
}
