package chargepile.agent.session.driver;

import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.notary.NotaryAnswer;
import java.util.List;
import java.util.Optional;

/** All that can happen to a driver. */
public sealed interface DriverEvent {
  /** The first event after every start: no link is up, no timer runs. */
  record Restarted() implements DriverEvent {}

  /** An encrypted link to the pile is up. */
  record PileConnected() implements DriverEvent {}

  record PileDisconnected() implements DriverEvent {}

  /** The pile said something: the messages of one frame. */
  record PileSaid(List<PeerMessage> messages) implements DriverEvent {
    public PileSaid {
      messages = List.copyOf(messages);
    }
  }

  /** What came of an errand of the channel, or what the ledger says of it. */
  record Reported(LegReport report) implements DriverEvent {}

  /**
   * The chain went out of sight, came back, or is out of sight for another reason.
   *
   * @param trouble empty when it can be watched
   */
  record ChainStanding(Optional<ChainTrouble> trouble) implements DriverEvent {}

  /**
   * The network will not take a transaction.
   *
   * @param what its purpose and id
   * @param reason the node's word for it
   */
  record TransactionRefused(String what, String reason) implements DriverEvent {}

  /** All that was agreed to beforehand and still holds, by the chain's clock. */
  record Agreed(List<Agreement> agreements) implements DriverEvent {
    public Agreed {
      agreements = List.copyOf(agreements);
    }
  }

  /** The clerk has done what it was asked. */
  record Notarised(NotaryAnswer answer) implements DriverEvent {}

  record TimerFired(TimerId timer) implements DriverEvent {}

  record Commanded(DriverCommand command) implements DriverEvent {}
}
