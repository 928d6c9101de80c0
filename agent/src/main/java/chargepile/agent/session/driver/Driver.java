package chargepile.agent.session.driver;

import chargepile.agent.channel.Channel;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.TimerId;
import java.util.Optional;
import java.util.Set;

/**
 * A driver's whole state at one pile. Link and timers are not kept over a restart.
 *
 * @param channel the channel with the pile, or the last one
 * @param connected whether a link is up
 * @param session the session under way, or the last one
 * @param timers those that run
 */
public record Driver(
    PeerChannel channel, boolean connected, Optional<DriverSession> session, Set<TimerId> timers) {
  public Driver {
    timers = Set.copyOf(timers);
  }

  /**
   * A driver that has never been at this pile; its first channel takes the keys of {@code
   * keyIndex}.
   */
  public static Driver fresh(long keyIndex) {
    return new Driver(new PeerChannel(keyIndex, Channel.NEW), false, Optional.empty(), Set.of());
  }
}
