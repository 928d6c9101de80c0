package chargepile.agent.session.driver;

import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.wire.SessionOffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A driver's whole state at one pile. Link, timers and what is known of the chain's standing are
 * not kept over a restart.
 *
 * @param channel the channel with the pile, or the last one
 * @param connected whether a link is up
 * @param session the session under way, or the last one
 * @param notary who the pile is, and the settlements that are not finished
 * @param held an offer that waits until it is known who the pile is; not kept over a restart
 * @param chain whether the chain is in sight
 * @param agreements what was agreed to beforehand; told anew after a start
 * @param timers those that run
 */
public record Driver(
    PeerChannel channel,
    boolean connected,
    Optional<DriverSession> session,
    Notary notary,
    Optional<SessionOffer> held,
    ChainSight chain,
    List<Agreement> agreements,
    Set<TimerId> timers) {
  public Driver {
    agreements = List.copyOf(agreements);
    timers = Set.copyOf(timers);
  }

  /** A driver that lost its store, with the channel that a backup knew. */
  public static Driver recovered(PeerChannel channel) {
    return restored(channel, Optional.empty(), Notary.NONE);
  }

  /** A driver as it comes out of the store. */
  static Driver restored(PeerChannel channel, Optional<DriverSession> session, Notary notary) {
    return new Driver(
        channel, false, session, notary, Optional.empty(), ChainSight.CLEAR, List.of(), Set.of());
  }

  /**
   * A driver that has never been at this pile; its first channel takes the keys of {@code
   * keyIndex}.
   */
  public static Driver fresh(long keyIndex) {
    return restored(new PeerChannel(keyIndex, PenaltyLeg.NEW), Optional.empty(), Notary.NONE);
  }
}
