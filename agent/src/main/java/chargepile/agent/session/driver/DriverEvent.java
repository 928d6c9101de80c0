package chargepile.agent.session.driver;

import chargepile.agent.channel.ChainView;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import fr.acinq.bitcoin.Transaction;
import java.util.List;

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

  /** What the chain says of what the channel watches. */
  record ChainSeen(ChainView view) implements DriverEvent {}

  record FundingBuilt(Transaction transaction) implements DriverEvent {}

  record FundingFailed(String reason) implements DriverEvent {}

  record TimerFired(TimerId timer) implements DriverEvent {}

  record Commanded(DriverCommand command) implements DriverEvent {}
}
