package chargepile.agent.session.leg;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.voucher.VoucherAction;
import java.util.List;

/** What a payment leg asks to be done, in the order of the list. */
public sealed interface LegAction {
  /**
   * Make the new state durable before any action that follows in the list.
   *
   * @param event the transition's name in the journal
   */
  record Store(String event) implements LegAction {}

  /** Say something to the peer, in one frame; lost when there is no link. */
  record Send(List<LegMessage> messages) implements LegAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  /** Keep what is left of a revoked commitment, in the transaction of the list's {@link Store}. */
  record Remember(ChannelAction.Remember revoked) implements LegAction {}

  /**
   * Something to be done with the ledger, the wallet or the store; what comes of it, if anything,
   * is a {@link LegReport}.
   */
  sealed interface Errand extends LegAction {}

  /** For a penalty channel. */
  record OnBitcoin(ChannelAction.Errand errand) implements Errand {}

  /** For a voucher channel. */
  record OnEvm(VoucherAction.Errand errand) implements Errand {}

  /** Tell the session. */
  record Notify(LegNotice notice) implements LegAction {}

  /** Tell the operator: something needs a person, or a peer broke a rule. */
  record Alert(String text) implements LegAction {}
}
