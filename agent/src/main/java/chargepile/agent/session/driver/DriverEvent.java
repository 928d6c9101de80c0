package chargepile.agent.session.driver;

import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
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

  /** What came of an errand of the channel, or what the chain says of it. */
  record Reported(ChannelEvent.Report report) implements DriverEvent {}

  record TimerFired(TimerId timer) implements DriverEvent {}

  record Commanded(DriverCommand command) implements DriverEvent {}
}
