package chargepile.agent.voucher;

import chargepile.agent.units.EvmAddress;
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

  /** Opener: the peer agreed, and the contract is to open the channel. */
  record AwaitingOpening(OpenVoucherChannel terms, EvmAddress peer) implements VoucherStage {}

  /** The other side: {@code accept_voucher_channel} is said, nothing is known of the chain. */
  record AwaitingOpened(OpenVoucherChannel terms) implements VoucherStage {}

  /** From the opening on the chain on. */
  sealed interface Established extends VoucherStage {
    VoucherBook book();
  }

  /**
   * The opening is to be final, and {@code voucher_channel_ready} to be said by both.
   *
   * @param saidReady whether the own was said
   * @param heardReady whether the peer's was heard
   */
  record AwaitingReady(
      VoucherBook book, OpenVoucherChannel terms, boolean saidReady, boolean heardReady)
      implements Established {}

  /**
   * In use, or on the way to a cooperative close.
   *
   * @param closing set once this side wants to close, or the peer said so
   */
  record Normal(VoucherBook book, Optional<Ending> closing) implements Established {}

  /**
   * A cooperative close under way.
   *
   * @param refusal why the peer's claims are no longer paid, if that is the cause
   * @param said whether the own {@code voucher_shutdown} was said
   * @param heard whether the peer's was heard
   */
  record Ending(Optional<String> refusal, boolean said, boolean heard) {
    static final Ending WANTED = new Ending(Optional.empty(), false, false);
  }

  /**
   * The contract is about to pay the channel out.
   *
   * @param together the cooperative close that both signed
   * @param stale whether the peer closed with less than the own best voucher
   */
  record Closing(VoucherBook book, String reason, Optional<SignedClose> together, boolean stale)
      implements Established {}

  /**
   * The peer proved that this side's state is old: it never signs a voucher again and does not
   * close by itself; the peer is asked to close.
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
