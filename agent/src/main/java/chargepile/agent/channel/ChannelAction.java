package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.units.ChannelId;
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

  /**
   * Keep the HTLCs of a commitment that the peer has just revoked, in the same database transaction
   * as the {@link Store} of the list. Only commitments that had HTLCs are kept.
   */
  record Remember(long number, List<Htlc> htlcs) implements ChannelAction {
    public Remember {
      htlcs = List.copyOf(htlcs);
    }
  }

  /**
   * Something to be done with the chain, the wallet or the store; what comes of it, if anything, is
   * a {@link ChannelEvent.Report}.
   */
  sealed interface Errand extends ChannelAction {}

  /** Hand a transaction to the chain. */
  record Broadcast(Transaction transaction, String purpose) implements Errand {}

  /** Hand a transaction to the chain together with one that pays for both. */
  record BroadcastPackage(Transaction parent, Transaction child, String purpose)
      implements Errand {}

  /** Ask the wallet for a funding transaction. */
  record BuildFunding(ByteVector script, Satoshi amount, Feerate feerate) implements Errand {}

  /** Ask the wallet to pay a fee. */
  record AddFee(FeeRequest request) implements Errand {}

  /** Give the wallet's inputs of a transaction that will not be published back to it. */
  record Release(Transaction transaction) implements Errand {}

  /** Ask for what was kept of a revoked commitment. */
  record Recall(ChannelId channel, long number) implements Errand {}

  /** From now on watch exactly this. */
  record Watch(Watches watches) implements Errand {}

  /** Tell the floors above. */
  record Notify(ChannelNotice notice) implements ChannelAction {}

  /** Tell the operator: something needs a person, or a peer broke a rule. */
  record Alert(String text) implements ChannelAction {}
}
