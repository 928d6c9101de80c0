package chargepile.agent.session.pile;

import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.SettlementId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a pile asks to be done, in the order of the list: opening the contactor comes first and
 * waits for nothing; then, at most once, {@link Store}; what follows must wait until that is
 * durable. Without one nothing is said or asked for that binds anybody.
 */
public sealed interface PileAction {
  /** Open or close the contactor. */
  record SwitchContactor(boolean closed) implements PileAction {}

  /**
   * Make the new state, the registers and the messages that follow durable in one transaction.
   *
   * @param event the transition's name in the journal
   * @param channels the peers whose channel changed
   * @param remembered what their channels keep of revoked commitments
   * @param receipts of sessions that have ended, by the driver
   * @param replaced channels that ended in this very transition to make room for another with the
   *     same driver
   * @param settlements certificates that both sides have signed now
   */
  record Store(
      String event,
      Set<PublicKey> channels,
      Map<PublicKey, List<LegAction.Remember>> remembered,
      Map<PublicKey, Receipt> receipts,
      Map<PublicKey, PeerChannel> replaced,
      Map<SettlementId, ByteVector> settlements)
      implements PileAction {
    public Store {
      settlements = Map.copyOf(settlements);
      replaced = Map.copyOf(replaced);
      receipts = Map.copyOf(receipts);
      channels = Set.copyOf(channels);
      remembered = Map.copyOf(remembered);
    }
  }

  /** Say something to a driver, in one frame; lost when there is no link. */
  record Send(PublicKey node, List<PeerMessage> messages) implements PileAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  /** Carry out what the channel with {@code node} asks for. */
  record Errand(PublicKey node, LegAction.Errand errand) implements PileAction {}

  /** Have the clerk do something; the answer comes back as {@link PileEvent.Notarised}. */
  record Ask(NotaryTask task) implements PileAction {}

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
