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

    /** The same stage with what was paid since. */
    default Established with(VoucherBook next) {
      return switch (this) {
        case AwaitingReady stage -> stage.seeing(next, stage.since());
        case Normal stage -> new Normal(next, stage.closing());
        case Closing stage -> stage.with(next);
        case DataLost stage -> new DataLost(next, stage.shown());
      };
    }
  }

  /**
   * The channel is to be opened on the chain and its opening to be final, and {@code
   * voucher_channel_ready} to be said by both.
   *
   * @param promised what the opener said that it puts into it
   * @param saidReady whether the own was said
   * @param heardReady whether the peer's was heard
   * @param since Unix time in seconds of the chain since when it shows nothing of the channel; 0
   *     before it was looked at, {@link #SHOWN} once it has shown the opening
   */
  record AwaitingReady(
      VoucherBook book, Amount promised, boolean saidReady, boolean heardReady, long since)
      implements Established {
    /** The chain has or had the channel, if not finally: one that was undone comes again. */
    public static final long SHOWN = -1;

    AwaitingReady(VoucherBook book, Amount promised) {
      this(book, promised, false, false, 0);
    }

    /** Whether the peer is to open it, and the chain has shown nothing of it. */
    public boolean isUnopened() {
      return book.setup().own() == Party.B && since != SHOWN;
    }

    AwaitingReady saying() {
      return new AwaitingReady(book, promised, true, heardReady, since);
    }

    AwaitingReady hearing(Deposits told) {
      return new AwaitingReady(book.confirming(told), promised, saidReady, true, since);
    }

    /** On a new link it is said again. */
    AwaitingReady unsaid() {
      return new AwaitingReady(book, promised, false, heardReady, since);
    }

    AwaitingReady seeing(VoucherBook next, long missingSince) {
      return new AwaitingReady(next, promised, saidReady, heardReady, missingSince);
    }
  }

  /**
   * In use, or on the way to a cooperative close.
   *
   * @param closing set once this side wants to close, or the peer said so
   */
  record Normal(VoucherBook book, Optional<Ending> closing) implements Established {
    @Override
    public Normal with(VoucherBook next) {
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
   * @param unopened whether the ledger said that it gave the opening up; the chain's word counts
   * @param lost whether this side lost data before, so that the peer may yet show what it paid
   */
  record Closing(
      VoucherBook book,
      String reason,
      Optional<SignedClose> together,
      boolean stale,
      boolean unopened,
      boolean lost)
      implements Established {
    Closing(VoucherBook book, String reason) {
      this(book, reason, Optional.empty(), false, false, false);
    }

    /** Of what was the stage before. */
    static Closing of(Established before, VoucherBook book, String reason) {
      boolean lost = before instanceof DataLost;
      return new Closing(book, reason, Optional.empty(), false, false, lost);
    }

    Closing(VoucherBook book, String reason, SignedClose close) {
      this(book, reason, Optional.of(close), false, false, false);
    }

    @Override
    public Closing with(VoucherBook next) {
      return new Closing(next, reason, together, stale, unopened, lost);
    }

    Closing because(String other) {
      return new Closing(book, other, together, stale, unopened, lost);
    }

    Closing seenStale() {
      return new Closing(book, reason, together, true, unopened, lost);
    }

    Closing notOpened() {
      return new Closing(book, reason, together, stale, true, lost);
    }
  }

  /**
   * The peer proved that this side's state is old. It holds what the peer showed, which is the best
   * that there will be; it never signs a voucher again, for it does not know which numbers it used,
   * and asks the peer to close rather than close by itself.
   *
   * @param shown whether the chain has the channel. Before it does, one that the peer is said to
   *     have opened, and that the store knows nothing of, is the peer's word alone
   */
  record DataLost(VoucherBook book, boolean shown) implements Established {
    /** Of a channel that is known. */
    DataLost(VoucherBook book) {
      this(book, true);
    }

    /** Whether this side has opened it, by its backup, and the chain has yet to show that. */
    boolean isAwaited() {
      return book.setup().own() == Party.A
          && book.isSuspended()
          && book.depositWanted().isPresent();
    }
  }

  /**
   * Whether there is nothing to lose by forgetting it: this side has signed nothing, and that the
   * channel exists is the peer's word, of which the chain shows nothing. Should the chain show it
   * later, the peer takes it up again.
   */
  default boolean isHearsay() {
    return switch (this) {
      case Absent _ -> true;
      case AwaitingReady stage -> stage.isUnopened();
      case DataLost stage -> !stage.shown();
      case AwaitingAccept _, Normal _, Closing _, Closed _ -> false;
    };
  }

  /**
   * All is settled.
   *
   * @param last balances and vouchers at the end, where there were any
   */
  record Closed(VoucherOutcome outcome, String reason, Optional<VoucherBook> last)
      implements VoucherStage {}
}
