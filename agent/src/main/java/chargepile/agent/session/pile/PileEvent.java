package chargepile.agent.session.pile;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.notary.NotaryAnswer;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;

/** All that can happen to a pile. */
public sealed interface PileEvent {
  /**
   * The first event after every start: the contactor is open, no link is up, no timer runs. The
   * plug's position follows as an event of its own.
   */
  record Restarted() implements PileEvent {}

  record PlugChanged(boolean plugged) implements PileEvent {}

  /** The meter's output changed. */
  record EdgeSeen(EdgeReading edge) implements PileEvent {}

  /**
   * What the contactor's auxiliary contact says, or the line that drives it where none is wired:
   * some time after each command, before faults are cleared, and every second while a car is
   * plugged in.
   */
  record ContactorRead(boolean conducts) implements PileEvent {}

  /**
   * The contactor was to be closed, and its auxiliary contact said that it conducts already: its
   * coil was left as it was.
   */
  record FoundClosed() implements PileEvent {}

  /** What the over-temperature input says, after a start and whenever it changes. */
  record HeatChanged(boolean tooHot) implements PileEvent {}

  /**
   * Pulses, plug or heat can't be read any more, or the contactor can't be closed.
   *
   * @param text what, where and what to do, for the operator
   */
  record HardwareFailed(String text) implements PileEvent {}

  /** An encrypted link to a driver is up. */
  record PeerConnected(PublicKey node) implements PileEvent {}

  record PeerDisconnected(PublicKey node) implements PileEvent {}

  /** A driver said something: the messages of one frame. */
  record PeerSaid(PublicKey node, List<PeerMessage> messages) implements PileEvent {
    public PeerSaid {
      messages = List.copyOf(messages);
    }
  }

  /** What came of an errand of the channel with {@code node}, or what the ledger says of it. */
  record Reported(PublicKey node, LegReport report) implements PileEvent {}

  /**
   * The chain went out of sight, came back, or is out of sight for another reason.
   *
   * @param trouble empty when it can be watched
   */
  record ChainStanding(Optional<ChainTrouble> trouble) implements PileEvent {}

  /**
   * The network will not take a transaction.
   *
   * @param what its purpose and id
   * @param reason the node's word for it
   */
  record TransactionRefused(String what, String reason) implements PileEvent {}

  /** All that drivers have agreed to beforehand and that still holds, by the chain's clock. */
  record Agreed(List<Agreement> agreements) implements PileEvent {
    public Agreed {
      agreements = List.copyOf(agreements);
    }
  }

  /** The clerk has done what it was asked. */
  record Notarised(NotaryAnswer answer) implements PileEvent {}

  record TimerFired(TimerId timer) implements PileEvent {}

  /**
   * The operator wants something; answered by {@link PileAction.Answer} with the same number.
   *
   * @param id chosen by the caller
   */
  record Commanded(long id, OperatorCommand command) implements PileEvent {}
}
