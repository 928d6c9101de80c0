package chargepile.agent.cli.market.chain;

import chargepile.agent.evm.ObligingChannels.Obliging;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherBook;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherStage;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/** What is to be done with a channel so that its pile can leave (P1-11). */
enum ChannelEnd {
  /** Nothing in it is or can become the pile's: the peer gets all of it, at once. */
  RENOUNCE,
  /** Its challenge period is to begin. */
  CLOSE,
  /** Its challenge period runs, and the pile holds a better voucher than was presented. */
  CHALLENGE,
  /** Its challenge period runs. */
  WAIT,
  /** Its challenge period is over. */
  SETTLE;

  /**
   * Decides.
   *
   * @param known the channel as the pile's own store has it
   * @param isOwn whether the account that decides is the one of the channel: who only speaks for
   *     the pile can't leave anything to the other side
   * @param now by the chain's clock
   */
  static ChannelEnd of(
      Obliging channel, Optional<VoucherChannel> known, boolean isOwn, Instant now) {
    if (channel.settleAfter().filter(after -> !now.isBefore(after)).isPresent()) {
      return SETTLE;
    }
    if (isOwn && isWorthless(channel, known)) {
      return RENOUNCE;
    }
    if (channel.settleAfter().isEmpty()) {
      return CLOSE;
    }
    return best(known)
            .filter(best -> cumulative(best).compareTo(channel.presented()) > 0)
            .isPresent()
        ? CHALLENGE
        : WAIT;
  }

  /** The peer's best voucher, where it pays anything. */
  static Optional<SignedVoucher> best(Optional<VoucherChannel> known) {
    return known
        .flatMap(VoucherChannel::book)
        .flatMap(VoucherBook::received)
        .filter(best -> !best.voucher().cumulative().equals(Amount.ZERO));
  }

  private static BigInteger cumulative(SignedVoucher signed) {
    return BigInteger.valueOf(signed.voucher().cumulative().value());
  }

  /**
   * Renouncing can't be undone, so chain and store must both say that there is nothing. Of a
   * channel that the store does not know, there could be vouchers that were lost with an older
   * store: it is worthless only where no voucher could pay anything.
   */
  private static boolean isWorthless(Obliging channel, Optional<VoucherChannel> known) {
    if (channel.deposit().signum() != 0 || channel.presented().signum() != 0) {
      return false;
    }
    if (known.isEmpty()) {
      return channel.peerDeposit().signum() == 0;
    }
    return !(known.get().stage() instanceof VoucherStage.DataLost)
        && known.get().book().filter(book -> isWorthless(book)).isPresent();
  }

  private static boolean isWorthless(VoucherBook book) {
    return book.received().isEmpty()
        && book.taken().isEmpty()
        && book.deposits().of(book.setup().own()).equals(Amount.ZERO)
        && book.payouts().of(book.setup().own()).equals(Amount.ZERO);
  }
}
