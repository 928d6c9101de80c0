package chargepile.agent.cli.demo;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** Looks over the pile's shoulder: progress, and how long an update takes. On its mailbox. */
final class DemoWatch {
  private static final int FIRST_SIZE = 1024;

  private final DemoProgress progress;
  private final LongSupplier virtualNanos;
  private long[] updateNanos = new long[FIRST_SIZE];
  private int updates;
  private long claimedAt;

  DemoWatch(DemoProgress progress, LongSupplier virtualNanos) {
    this.progress = progress;
    this.virtualNanos = virtualNanos;
  }

  void on(PileTransition transition) {
    // First what was settled: the same transition may claim the next increment.
    transition.next().session().ifPresent(session -> on(transition.next(), session));
    for (PileAction action : transition.actions()) {
      if (action instanceof PileAction.Send send && claims(send)) {
        claimedAt = System.nanoTime();
      }
    }
  }

  private void on(Pile pile, PileSession session) {
    if (session.updates() > updates) {
      if (updates == updateNanos.length) {
        updateNanos = Arrays.copyOf(updateNanos, 2 * updates);
      }
      updateNanos[updates++] = System.nanoTime() - claimedAt;
    }
    MilliWattHours delivered =
        session
            .delivered(Direction.IMPORT, pile.meter().registers())
            .plus(session.delivered(Direction.EXPORT, pile.meter().registers()));
    SessionTotals paid = paid(pile, session);
    MilliWattHours paidEnergy = paid.imported().energy().plus(paid.exported().energy());
    progress.charging(
        charged(session),
        delivered,
        new Amount(paid.imported().amount().value() + paid.exported().amount().value()),
        delivered.minusOrZero(paidEnergy),
        pile.meter().watts(virtualNanos.getAsLong()).orElse(0),
        number(pile, session));
  }

  /** Virtual time with the contactor closed. */
  Duration charged(PileSession session) {
    long now = virtualNanos.getAsLong();
    return session
        .clock()
        .total(Direction.IMPORT, now)
        .plus(session.clock().total(Direction.EXPORT, now));
  }

  /** Called when the node is idle. */
  DemoResult.UpdateTime updateTime() {
    if (updates == 0) {
      return new DemoResult.UpdateTime(Duration.ZERO, Duration.ZERO);
    }
    long[] sorted = Arrays.copyOf(updateNanos, updates);
    Arrays.sort(sorted);
    return new DemoResult.UpdateTime(
        Duration.ofNanos(sorted[updates / 2]),
        Duration.ofNanos(sorted[Math.min(updates - 1, (int) (updates * 99L / 100))]));
  }

  /** What the pile could prove to be paid for a session. */
  static SessionTotals paid(Pile pile, PileSession session) {
    return pile.leg(session.peer()).paid(session.id());
  }

  /** Of the last state that both signed. */
  static long number(Pile pile, PileSession session) {
    return pile.leg(session.peer()).signed().map(SignedState::number).orElse(0L);
  }

  private static boolean claims(PileAction.Send send) {
    return send.messages().stream()
        .anyMatch(
            message -> message instanceof PeerMessage.OfLeg(var said) && said.claim().isPresent());
  }
}
