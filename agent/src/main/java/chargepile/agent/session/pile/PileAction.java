package chargepile.agent.session.pile;

import chargepile.agent.channel.Watches;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a pile asks to be done, in the order of the list: opening the contactor comes first and
 * waits for nothing; then, at most once, {@link Store}; what follows must wait until that is
 * durable.
 */
public sealed interface PileAction {
  /** Open or close the contactor. */
  record SwitchContactor(boolean closed) implements PileAction {}

  /**
   * Make the new state, the registers and the messages that follow durable in one transaction.
   *
   * @param event the transition's name in the journal
   * @param channels the peers whose channel changed
   */
  record Store(String event, Set<PublicKey> channels) implements PileAction {
    public Store {
      channels = Set.copyOf(channels);
    }
  }

  /** Say something to a driver, in one frame; lost when there is no link. */
  record Send(PublicKey node, List<PeerMessage> messages) implements PileAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  record Broadcast(PublicKey node, Transaction transaction, String purpose) implements PileAction {}

  /** Ask the wallet for a funding transaction; the answer is an event. */
  record BuildFunding(PublicKey node, ByteVector script, Satoshi amount, Feerate feerate)
      implements PileAction {}

  /** Give the inputs of a funding transaction back to the wallet. */
  record AbandonFunding(Transaction transaction) implements PileAction {}

  /** For the channel with {@code node} from now on watch exactly this. */
  record Watch(PublicKey node, Watches watches) implements PileAction {}

  record ShowLight(PileLight light) implements PileAction {}

  /** Tell whoever listens; the latest document of a kind is what counts. */
  record Publish(PileDocument document) implements PileAction {}

  record SetTimer(TimerId timer, Duration after) implements PileAction {}

  record CancelTimer(TimerId timer) implements PileAction {}

  /**
   * The answer to a command.
   *
   * @param text why not, or what was done
   */
  record Answer(long id, boolean done, String text) implements PileAction {}

  /** Tell the operator: something needs a person, or a peer broke a rule. */
  record Alert(String text) implements PileAction {}
}
