package chargepile.agent.voucher;

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

  VoucherChannel with(VoucherStage next) {
    return new VoucherChannel(link, next);
  }

  VoucherChannel with(Link next) {
    return new VoucherChannel(next, stage);
  }
}
