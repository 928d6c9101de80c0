package chargepile.agent.session.driver;

import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.SettlementId;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
   * @param remembered what the channel keeps of revoked commitments
   * @param receipts of sessions that have ended
   * @param settlements certificates that both sides have signed now
   */
  record Store(
      String event,
      boolean channel,
      List<LegAction.Remember> remembered,
      List<Receipt> receipts,
      Map<SettlementId, ByteVector> settlements)
      implements DriverAction {
    public Store {
      settlements = Map.copyOf(settlements);
      remembered = List.copyOf(remembered);
      receipts = List.copyOf(receipts);
    }
  }

  /** Say something to the pile, in one frame; lost when there is no link. */
  record Send(List<PeerMessage> messages) implements DriverAction {
    public Send {
      messages = List.copyOf(messages);
    }
  }

  /** Carry out what the channel asks for. */
  record Errand(LegAction.Errand errand) implements DriverAction {}

  /** Have the clerk do something; the answer comes back as {@link DriverEvent.Notarised}. */
  record Ask(NotaryTask task) implements DriverAction {}

  record SetTimer(TimerId timer, Duration after) implements DriverAction {}

  record CancelTimer(TimerId timer) implements DriverAction {}

  /** Tell the person. */
  record Tell(DriverNotice notice) implements DriverAction {}

  /** Something needs a person, or the pile broke a rule. */
  record Alert(String text) implements DriverAction {}
}
