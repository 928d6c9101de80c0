package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.util.Optional;

/**
 * What one side has paid the other.
 *
 * @param latest its latest voucher
 * @param lock its latest payment under a lock (P2-17), also when nothing comes of it any more: then
 *     it tells how far its numbers have gone
 */
public record Payments(Optional<SignedVoucher> latest, Optional<Lock> lock) {
  static final Payments NONE = new Payments(Optional.empty(), Optional.empty());

  /** What was paid since the channel was opened. */
  Amount total() {
    return latest.map(signed -> signed.voucher().cumulative()).orElse(Amount.ZERO);
  }

  /** The number of the latest voucher; 0 when there is none. */
  public long seq() {
    return latest.map(signed -> signed.voucher().seq()).orElse(0L);
  }

  /** The number of the latest conditional voucher, counted apart; 0 when there is none. */
  public long lockSeq() {
    return lock.map(last -> last.voucher().seq()).orElse(0L);
  }

  /** The lock whose amount comes on top of the latest voucher. */
  Optional<Lock> pending() {
    return lock.filter(Lock::isPending);
  }

  /** The lock that payouts on which both agree would have to count. */
  Optional<Lock> claimed() {
    return lock.filter(last -> !last.isOver() && !last.isGivenBack());
  }

  /** What the pending lock keeps from being spent. */
  Amount reserved() {
    return pending().map(Lock::amount).orElse(Amount.ZERO);
  }

  Payments with(SignedVoucher later) {
    return new Payments(Optional.of(later), lock);
  }

  Payments with(Lock next) {
    return new Payments(latest, Optional.of(next));
  }
}
