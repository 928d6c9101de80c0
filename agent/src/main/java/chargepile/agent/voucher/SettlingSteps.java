package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.DataLost;
import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import java.util.Optional;

/**
 * From a close to the last payment (P2-18). What is to be done follows from the state and the
 * chain's present word alone, and is asked for again until that word shows it: so an answer to a
 * stale voucher (P1-34) survives restarts, lost transactions and reorganisations.
 */
final class SettlingSteps {
  private final VoucherSettings settings;

  SettlingSteps(VoucherSettings settings) {
    this.settings = settings;
  }

  /** Closes without the peer, with its best voucher. */
  void publish(Step step, Established stage, String reason) {
    VoucherBook book = stage.book();
    step.tell(new VoucherNotice.Ending(reason));
    step.send(new VoucherError(Optional.of(book.id()), reason));
    Closing closing = Closing.of(stage, book, reason);
    step.to(closing).store("closing: " + reason);
    if (isWorthless(stage)) {
      finish(step, closing, VoucherOutcome.LEFT_TO_PEER);
    } else if (!isOnItsWay(stage)) {
      requestClose(step, book);
    }
  }

  private static boolean isOnItsWay(Established stage) {
    return stage instanceof AwaitingReady || (stage instanceof DataLost lost && lost.isAwaited());
  }

  /**
   * Whether nothing that is in the channel, or is on its way there, is this side's. A side that
   * lost data does not know that: its peer may yet show what it paid.
   */
  static boolean isWorthless(Established stage) {
    boolean lost =
        switch (stage) {
          case DataLost _ -> true;
          case Closing closing -> closing.lost();
          case AwaitingReady _, Normal _ -> false;
        };
    return !lost && holdsNothing(stage);
  }

  /**
   * Whether that is so by what is known. B stays with what it has signed for: were it to forget it,
   * A could offer the same channel as a new one.
   */
  private static boolean holdsNothing(Established stage) {
    VoucherBook book = stage.book();
    boolean isOpener = book.setup().own() == Party.A;
    boolean waits = stage instanceof AwaitingReady;
    return !(isOpener && waits)
        && !(book.isSuspended() && !waits)
        && (isOpener || (book.sent().isEmpty() && book.own().lock().isEmpty()))
        && book.peer().claimed().isEmpty()
        && book.depositWanted().isEmpty()
        && Findings.ownPayout(book).equals(Amount.ZERO);
  }

  /** Somebody closed the channel on the chain. */
  void seen(Step step, Established stage, ChainView view) {
    VoucherBook book = at(stage.book(), view);
    String reason = "closed on the chain";
    step.tell(new VoucherNotice.Ending(reason));
    settle(step, Closing.of(stage, book, reason), view);
  }

  /** Closes without waiting for the cooperative close that both signed. */
  static void force(Step step, Closing stage, String reason) {
    step.to(stage.because(reason)).store("closing: " + reason);
    requestClose(step, stage.book());
  }

  /** Does what the chain's word asks for. */
  void settle(Step step, Closing stage, ChainView view) {
    Closing closing = stage.with(at(stage.book(), view));
    step.to(closing);
    if (!closing.book().deposits().equals(stage.book().deposits())) {
      step.store("deposits seen");
    }
    switch (view.latest()) {
      case OnLedger.Missing _ -> missing(step, closing, view);
      case OnLedger.Open _ -> open(step, closing, view);
      case OnLedger.Closing state -> closing(step, closing, state, view);
      case OnLedger.Settled settled -> settled(step, closing, settled, view);
    }
    if (step.stage() instanceof Closing) {
      LockWatch.look(step, settings);
    }
  }

  /**
   * An opening may be on its way; one that was undone comes again by itself. One that the ledger
   * gave up is over once the chain has been looked at since.
   */
  private static void missing(Step step, Closing stage, ChainView view) {
    VoucherSetup setup = stage.book().setup();
    boolean isNowhere = view.finalised() instanceof OnLedger.Missing && stage.book().isSuspended();
    if (isNowhere && stage.unopened()) {
      finish(step, stage, VoucherOutcome.ABANDONED);
    } else if (isNowhere && setup.own() == Party.A) {
      step.errand(new VoucherAction.AbandonOpening(setup));
    }
  }

  private static void open(Step step, Closing stage, ChainView view) {
    VoucherSetup setup = stage.book().setup();
    Optional<SignedClose> together = inTime(stage, view.time());
    if (together.isPresent()) {
      step.errand(new VoucherAction.CloseTogether(setup, together.get()));
      return;
    }
    boolean known = !(view.finalised() instanceof OnLedger.Missing);
    if (known && isWorthless(stage)) {
      finish(step, stage, VoucherOutcome.LEFT_TO_PEER);
    } else {
      requestClose(step, stage.book());
    }
  }

  private static void closing(Step step, Closing stage, OnLedger.Closing state, ChainView view) {
    VoucherBook book = stage.book();
    // What a peer shows can be presented until then.
    boolean isComplete = !stage.lost() || view.time() >= state.settleAfter();
    if (view.finalised() instanceof OnLedger.Closing && isComplete && holdsNothing(stage)) {
      finish(step, stage, VoucherOutcome.LEFT_TO_PEER);
      return;
    }
    if (Findings.isStale(book, state) && !stage.stale()) {
      step.to(stage.seenStale())
          .store("stale close seen")
          .alert(
              "channel %s was closed with a stale voucher of %,d units: the one of %,d is presented"
                  .formatted(
                      book.id(),
                      state.paidBy(book.setup().own().other()).value(),
                      book.paidBy(book.setup().own().other()).value()));
    }
    if (view.time() >= state.settleAfter()) {
      step.errand(new VoucherAction.Settle(book.setup()));
      return;
    }
    if (Findings.lacksBest(book, state)) {
      step.errand(new VoucherAction.Challenge(book.setup(), book.received().orElseThrow()));
    }
    LockWatch.redeem(step, book, state);
    inTime(stage, view.time())
        .ifPresent(close -> step.errand(new VoucherAction.CloseTogether(book.setup(), close)));
  }

  private static void settled(Step step, Closing stage, OnLedger.Settled settled, ChainView view) {
    VoucherSetup setup = stage.book().setup();
    if (!settled.owed().of(setup.own()).equals(Amount.ZERO)) {
      step.errand(new VoucherAction.Claim(setup));
    } else if (view.finalised() instanceof OnLedger.Settled last) {
      Closing ended = last.together() ? withoutLock(step, stage) : stage;
      // Whether a lock was paid is for the registry to say, and for others to know.
      if (ended.book().own().pending().filter(lock -> !lock.isOpen()).isEmpty()) {
        finish(step, ended, Findings.outcome(ended, last));
      }
    }
  }

  /** What both have signed knows no lock. */
  private static Closing withoutLock(Step step, Closing stage) {
    Lock lock = stage.book().own().pending().orElse(null);
    if (lock == null) {
      return stage;
    }
    step.tell(new VoucherNotice.HtlcLapsed(lock.id(), "the channel was closed without it"));
    return stage.with(stage.book().with(lock.to(Lock.Status.OVER)));
  }

  private static void finish(Step step, Closing stage, VoucherOutcome outcome) {
    step.to(new VoucherStage.Closed(outcome, stage.reason(), Optional.of(stage.book())))
        .store("closed: " + outcome)
        .tell(new VoucherNotice.Closed(outcome));
  }

  /** With the best voucher, if it pays anything: the contract takes none that proves nothing. */
  private static void requestClose(Step step, VoucherBook book) {
    step.errand(
        new VoucherAction.RequestClose(
            book.setup(),
            book.received().filter(best -> !best.voucher().cumulative().equals(Amount.ZERO))));
  }

  private static Optional<SignedClose> inTime(Closing stage, long time) {
    return stage.together().filter(both -> time <= both.close().deadline());
  }

  /** Deposits are not taken back by a chain that has paid them out, or lost sight of them. */
  static VoucherBook at(VoucherBook book, ChainView view) {
    Deposits seen =
        Findings.deposits(view.finalised())
            .or(() -> Findings.deposits(view.latest()))
            .orElse(book.deposits());
    return book.at(view.time(), seen);
  }
}
