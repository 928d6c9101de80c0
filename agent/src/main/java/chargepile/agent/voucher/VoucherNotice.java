package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.VoucherChannelId;

/** What a voucher channel tells the floors above it. */
public sealed interface VoucherNotice {
  /** The contract has the channel; it is watched from now on. */
  record Opened(VoucherChannelId channel) implements VoucherNotice {}

  /** The channel can be used. */
  record Usable() implements VoucherNotice {}

  /** The voucher that pays this claim is held by whom it pays: the money has moved. */
  record EnergySettled(EnergyClaim claim) implements VoucherNotice {}

  /** The deposits changed, so that more can be paid. */
  record Deposited(Deposits deposits) implements VoucherNotice {}

  /**
   * The chain lost the channel's opening: claims are refused until {@link Usable} is told again.
   */
  record Suspended(String reason) implements VoucherNotice {}

  /** The own command can't be done; nothing changed. */
  record CommandRefused(String reason) implements VoucherNotice {}

  /** The peer refused a claim, or reported an error. */
  record PeerObjected(String text) implements VoucherNotice {}

  /** The channel takes no more claims: it is being closed. */
  record Ending(String reason) implements VoucherNotice {}

  /** Nothing is left to be done on the chain. */
  record Closed(VoucherOutcome outcome) implements VoucherNotice {}
}
