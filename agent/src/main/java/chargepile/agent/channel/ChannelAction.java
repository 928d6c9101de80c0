package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import java.util.List;

/** What a channel asks to be done, in the order of the list. */
public sealed interface ChannelAction {
  /**
   * Make the new state durable before any action that follows in the list.
   *
   * @param event the transition's name in the journal
   */
  record Store(String event) implements ChannelAction {}

  /** Say something to the peer, in one frame; lost when there is no link. */
  record Send(List<ChannelMessage> messages) implements ChannelAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  /** Hand a transaction to the chain. */
  record Broadcast(Transaction transaction, String purpose) implements ChannelAction {}

  /** Ask the wallet for a funding transaction; the answer is an event. */
  record BuildFunding(ByteVector script, Satoshi amount, Feerate feerate)
      implements ChannelAction {}

  /** Give the inputs of a funding transaction back to the wallet. */
  record AbandonFunding(Transaction transaction) implements ChannelAction {}

  /** From now on watch exactly this. */
  record Watch(Watches watches) implements ChannelAction {}

  /** Tell the floors above. */
  record Notify(ChannelNotice notice) implements ChannelAction {}

  /** Tell the operator: something needs a person, or a peer broke a rule. */
  record Alert(String text) implements ChannelAction {}
}
