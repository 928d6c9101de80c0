package chargepile.agent.session.driver;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.units.Amount;

/** What the person behind the wheel can ask. */
public sealed interface DriverCommand {
  /**
   * Open a channel as the policy says where there is none, or none any more; does nothing to one
   * that is in use or not settled yet.
   */
  record OpenChannel() implements DriverCommand {}

  /** End the session; the pile settles what has flowed. */
  record Stop() implements DriverCommand {}

  /** Close the channel together with the pile; alone if that takes too long. */
  record CloseChannel() implements DriverCommand {}

  /** Raise the own deposit in a voucher channel to a total (P2-16). */
  record Deposit(Amount total) implements DriverCommand {}

  /** Offer or answer a payment by HTLC. */
  record Htlc(ChannelEvent.HtlcCommand command) implements DriverCommand {}

  /** Publish the own commitment transaction now. */
  record ForceCloseChannel(String reason) implements DriverCommand {}
}
