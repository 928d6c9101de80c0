package chargepile.agent.voucher;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.VoucherChannel.Link;

/** What a channel's state says to a session: whether it can be used, what is paid, what is left. */
public record VoucherStanding(VoucherChannel channel) {
  /** Whether claims can be made now. */
  public boolean isUsable() {
    return channel.link() == Link.UP && isOpen();
  }

  /** Whether the channel is in use, be there a link or not. */
  public boolean isOpen() {
    return channel.stage() instanceof VoucherStage.Normal normal
        && normal.closing().isEmpty()
        && !normal.book().isSuspended();
  }

  /** Whether the peer has yet to sign an own claim. */
  public boolean isPending() {
    return channel.book().filter(book -> isPending(book)).isPresent();
  }

  private static boolean isPending(VoucherBook book) {
    boolean paysLock =
        book.offered().filter(lock -> lock.status() != Lock.Status.PENDING).isPresent();
    return book.pending().isPresent() || (paysLock && book.setup().metering());
  }

  /** What both signed for a session. */
  public SessionTotals paid(SessionId session) {
    return channel
        .book()
        .map(book -> book.totals(session))
        .orElseGet(() -> SessionTotals.start(session));
  }

  /** What the payer of energy in a direction can still pay. */
  public Amount spendable(Direction direction) {
    return channel
        .book()
        .map(book -> book.spendable(book.setup().payer(direction)))
        .orElse(Amount.ZERO);
  }
}
