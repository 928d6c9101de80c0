package chargepile.agent.session.driver;

import chargepile.agent.channel.Watches;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.util.List;

/**
 * What a driver asks to be done, in the order of the list: at most one {@link Store}, which is the
 * first; what follows must wait until that is durable.
 */
public sealed interface DriverAction {
  /**
   * Make the new state and the messages that follow durable in one transaction.
   *
   * @param event the transition's name in the journal
   * @param channel whether the channel changed
   */
  record Store(String event, boolean channel) implements DriverAction {}

  /** Say something to the pile, in one frame; lost when there is no link. */
  record Send(List<PeerMessage> messages) implements DriverAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  record Broadcast(Transaction transaction, String purpose) implements DriverAction {}

  /** Ask the wallet for a funding transaction; the answer is an event. */
  record BuildFunding(ByteVector script, Satoshi amount, Feerate feerate) implements DriverAction {}

  /** Give the inputs of a funding transaction back to the wallet. */
  record AbandonFunding(Transaction transaction) implements DriverAction {}

  /** From now on watch exactly this. */
  record Watch(Watches watches) implements DriverAction {}

  record SetTimer(TimerId timer, Duration after) implements DriverAction {}

  record CancelTimer(TimerId timer) implements DriverAction {}

  /** Tell the person. */
  record Tell(DriverNotice notice) implements DriverAction {}

  /** Something needs a person, or the pile broke a rule. */
  record Alert(String text) implements DriverAction {}
}
