package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.wire.VoucherMessage.OpenVoucherChannel;
import java.util.Optional;

/** Where a voucher channel is in its life. */
public sealed interface VoucherStage {
  /** The stage's name in the journal and for people. */
  default String title() {
    return getClass().getSimpleName();
  }

  /** Nothing yet. */
  record Absent() implements VoucherStage {}

  /** Opener: {@code open_voucher_channel} is said. */
  record AwaitingAccept(OpenVoucherChannel sent) implements VoucherStage {}

  /** Once both agreed to the terms. */
  sealed interface Established extends VoucherStage {
    VoucherBook book();
  }

  /**
   * The channel is to be opened on the chain and its opening to be final, and {@code
   * voucher_channel_ready} to be said by both.
   *
   * @param promised what the opener said that it puts into it
   * @param saidReady whether the own was said
   * @param heardReady whether the peer's was heard
   */
  record AwaitingReady(VoucherBook book, Amount promised, boolean saidReady, boolean heardReady)
      implements Established {}

  /**
   * In use, or on the way to a cooperative close.
   *
   * @param closing set once this side wants to close, or the peer said so
   */
  record Normal(VoucherBook book, Optional<Ending> closing) implements Established {
    Normal with(VoucherBook next) {
      return new Normal(next, closing);
    }

    Normal with(Ending next) {
      return new Normal(book, Optional.of(next));
    }
  }

  /**
   * A cooperative close under way.
   *
   * @param refusal why the peer's claims are no longer paid, if that is the cause
   * @param said whether the own {@code voucher_shutdown} was said
   * @param heard whether the peer's was heard
   * @param signed the last payments, which this side signed and the peer has not
   */
  record Ending(
      Optional<String> refusal, boolean said, boolean heard, Optional<CooperativeClose> signed) {
    static final Ending WANTED = new Ending(Optional.empty(), false, false, Optional.empty());

    Ending refusing(String reason) {
      return new Ending(Optional.of(reason), said, heard, signed);
    }

    Ending saying() {
      return new Ending(refusal, true, heard, signed);
    }

    Ending hearing() {
      return new Ending(refusal, said, true, signed);
    }

    Ending signing(CooperativeClose close) {
      return new Ending(refusal, said, heard, Optional.of(close));
    }

    /** On a new link all is said again. */
    Ending unsaid() {
      return new Ending(refusal, false, false, signed);
    }
  }

  /**
   * The channel takes no more claims, and the contract is to pay it out.
   *
   * @param reason why it was closed
   * @param together the cooperative close that both signed
   * @param stale whether somebody closed with less than the peer's best voucher
   */
  record Closing(VoucherBook book, String reason, Optional<SignedClose> together, boolean stale)
      implements Established {
    Closing with(VoucherBook next) {
      return new Closing(next, reason, together, stale);
    }

    Closing seenStale() {
      return new Closing(book, reason, together, true);
    }
  }

  /**
   * The peer proved that this side's state is old. It holds what the peer showed, which is the best
   * that there will be; it never signs a voucher again, for it does not know which numbers it used,
   * and asks the peer to close rather than close by itself.
   */
  record DataLost(VoucherBook book) implements Established {}

  /**
   * All is settled.
   *
   * @param last balances and vouchers at the end, where there were any
   */
  record Closed(VoucherOutcome outcome, String reason, Optional<VoucherBook> last)
      implements VoucherStage {}
}
