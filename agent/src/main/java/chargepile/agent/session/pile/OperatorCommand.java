package chargepile.agent.session.pile;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.PublicKey;

/** What an operator can ask of a pile. */
public sealed interface OperatorCommand {
  /** Offer a session to the driver that is plugged in, also after one has ended. */
  record Start() implements OperatorCommand {}

  record Stop(String text) implements OperatorCommand {}

  /** Open the contactor and keep the session. */
  record Pause() implements OperatorCommand {}

  record Resume() implements OperatorCommand {}

  /** End the session when this much energy has flowed in a direction. */
  record Limit(MilliWattHours energy) implements OperatorCommand {}

  /** The cause of the faults is dealt with. */
  record ClearFaults() implements OperatorCommand {}

  /** Open a channel and fund it. */
  record OpenChannel(
      PublicKey node, ChannelId temporaryId, Satoshi capacity, Amount push, Feerate feerate)
      implements OperatorCommand {}

  /** Raise the own deposit in a voucher channel to a total, to buy energy with (P2-16). */
  record Deposit(PublicKey node, Amount total) implements OperatorCommand {}

  /** Close together with the driver; alone if that takes too long. */
  record CloseChannel(PublicKey node) implements OperatorCommand {}

  /** Publish the own commitment transaction now. */
  record ForceCloseChannel(PublicKey node, String reason) implements OperatorCommand {}

  /** Offer or answer a payment by HTLC on the channel with the driver. */
  record Htlc(PublicKey node, ChannelEvent.HtlcCommand command) implements OperatorCommand {}

  /** Sign the commitments at another feerate from now on; for channels that the pile funded. */
  record SetFeerate(PublicKey node, Feerate feerate) implements OperatorCommand {}
}
