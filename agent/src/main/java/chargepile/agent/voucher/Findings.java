package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.util.Optional;

/** What follows from what the chain says of a channel. */
final class Findings {
  private Findings() {}

  /** The deposits of a channel that is not paid out. */
  static Optional<Deposits> deposits(OnLedger state) {
    return switch (state) {
      case OnLedger.Missing _ -> Optional.empty();
      case OnLedger.Open open -> Optional.of(open.deposits());
      case OnLedger.Closing closing -> Optional.of(closing.deposits());
      case OnLedger.Settled _ -> Optional.empty();
    };
  }

  static boolean isEnding(OnLedger state) {
    return state instanceof OnLedger.Closing || state instanceof OnLedger.Settled;
  }

  /**
   * Whether the best voucher of the peer's is not presented. Where none is, that is what is to be
   * expected when the peer closes: each side presents what it was given.
   */
  static boolean lacksBest(VoucherBook book, OnLedger.Closing closing) {
    Party peer = book.setup().own().other();
    return book.paidBy(peer).compareTo(closing.paidBy(peer)) > 0;
  }

  /** Whether somebody presented an older voucher of the peer's instead. */
  static boolean isStale(VoucherBook book, OnLedger.Closing closing) {
    Amount presented = closing.paidBy(book.setup().own().other());
    return lacksBest(book, closing) && !presented.equals(Amount.ZERO);
  }

  /** What this side gets if the channel ends as it stands. */
  static Amount ownPayout(VoucherBook book) {
    return book.payouts().of(book.setup().own());
  }

  /**
   * The least that the contract owes this side: what it has offered under a lock may be redeemed,
   * and what it was offered counts once the lock is open for good.
   */
  static Amount leastPayout(VoucherBook book) {
    Party own = book.setup().own();
    Amount paid = book.own().pending().map(Findings::whole).orElse(book.own().total());
    Amount was =
        book.peer().pending().filter(Lock::isOpen).map(Findings::whole).orElse(book.peer().total());
    return Payouts.of(book.deposits(), own == Party.A ? paid : was, own == Party.A ? was : paid)
        .of(own);
  }

  private static Amount whole(Lock lock) {
    return lock.voucher().cumulative();
  }

  static VoucherOutcome outcome(VoucherStage.Closing stage, OnLedger.Settled settled) {
    if (settled.together()) {
      return VoucherOutcome.COOPERATIVE_CLOSE;
    }
    Amount own = settled.payouts().of(stage.book().setup().own());
    if (own.compareTo(leastPayout(stage.book())) < 0) {
      return VoucherOutcome.STALE_CLOSE_LOST;
    }
    return stage.stale() ? VoucherOutcome.STALE_CLOSE_ANSWERED : VoucherOutcome.UNILATERAL_CLOSE;
  }
}
