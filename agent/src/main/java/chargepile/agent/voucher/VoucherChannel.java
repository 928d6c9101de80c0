package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.util.Optional;

/**
 * A voucher channel's whole state.
 *
 * @param link not kept over a restart: a stored channel starts with {@link Link#DOWN}
 * @param stage where the channel is in its life
 */
public record VoucherChannel(Link link, VoucherStage stage) {
  /** Before anything was said. */
  public static final VoucherChannel NEW = new VoucherChannel(Link.DOWN, new VoucherStage.Absent());

  /** The state of the talk with the peer. */
  public enum Link {
    /** Nothing can be said. */
    DOWN,
    /** The own {@code voucher_reestablish} is said, the peer's not heard. */
    SYNCING,
    /** Both know what the other has. */
    UP
  }

  /** Balances and vouchers, from the agreed terms on; of a closed channel the last. */
  public Optional<VoucherBook> book() {
    return switch (stage) {
      case VoucherStage.Established established -> Optional.of(established.book());
      case VoucherStage.Closed closed -> closed.last();
      case VoucherStage.Absent _, VoucherStage.AwaitingAccept _ -> Optional.empty();
    };
  }

  /**
   * The channel as it is taken up again by who lost its store: what both have proves what was paid,
   * and nothing new is signed. Empty where nothing is left to be recovered, or was ever signed.
   */
  public Optional<VoucherChannel> recovering() {
    return switch (stage) {
      case VoucherStage.Established said when said.isHearsay() -> Optional.empty();
      case VoucherStage.Closing closing ->
          Optional.of(lost(closing.with(closing.book().recovering())));
      case VoucherStage.AwaitingReady stage when stage.book().isSuspended() ->
          Optional.of(opening(stage.book(), Optional.of(stage.promised())));
      case VoucherStage.DataLost stage when stage.isAwaited() ->
          Optional.of(opening(stage.book(), stage.book().depositWanted()));
      case VoucherStage.Established established ->
          Optional.of(lost(new VoucherStage.DataLost(established.book().recovering())));
      case VoucherStage.Absent _, VoucherStage.AwaitingAccept _, VoucherStage.Closed _ ->
          Optional.empty();
    };
  }

  /** A channel of which the chain alone tells: there is no voucher of it. */
  public static VoucherChannel found(VoucherSetup setup, Deposits deposits) {
    return lost(new VoucherStage.DataLost(VoucherBook.start(setup).at(0, deposits)));
  }

  /** One whose opening is this side's own, and may be on its way. */
  private static VoucherChannel opening(VoucherBook book, Optional<Amount> promised) {
    return lost(new VoucherStage.DataLost(book.recovering().wanting(promised)));
  }

  private static VoucherChannel lost(VoucherStage stage) {
    return new VoucherChannel(Link.DOWN, stage);
  }

  VoucherChannel with(VoucherStage next) {
    return new VoucherChannel(link, next);
  }

  VoucherChannel with(Link next) {
    return new VoucherChannel(next, stage);
  }
}
