package chargepile.agent.session.leg;

import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.energy.EnergyClaim;
import java.util.Optional;

/** What a payment leg tells the session above it. */
public sealed interface LegNotice {
  /**
   * The channel's money is on its way into it.
   *
   * @param by the transaction, or what else holds it, for people
   */
  record Funded(String by) implements LegNotice {}

  /** The channel can be used. */
  record Usable() implements LegNotice {}

  /** Both have signed for a claim: it is paid. */
  record EnergySettled(EnergyClaim claim) implements LegNotice {}

  /**
   * Somebody pays through this channel and waits for an answer. Told again after every reconnection
   * until it is answered. Under a conditional voucher its expiry is a Unix time in seconds; Bitcoin
   * counts blocks, which are fewer than 500,000,000.
   */
  record PaymentOffered(ChannelNotice.HtlcReceived payment) implements LegNotice {}

  /** The ledger took the funding back: claims are refused until {@link Usable} is told again. */
  record Suspended(String reason) implements LegNotice {}

  /** The own command can't be done; nothing changed. */
  record Refused(String reason) implements LegNotice {}

  /** The peer warned, refused an update, or reported an error. */
  record PeerObjected(String text) implements LegNotice {}

  /** The channel takes no more updates: it is being closed. */
  record Ending(String reason) implements LegNotice {}

  /**
   * Nothing is left to be done on the ledger.
   *
   * @param last what was paid last, where the ledger said it
   */
  record Closed(LegOutcome outcome, Optional<LastPaid> last) implements LegNotice {}
}
