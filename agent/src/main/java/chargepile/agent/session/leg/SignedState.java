package chargepile.agent.session.leg;

import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;

/**
 * The state of a channel that both have signed.
 *
 * @param number of the state that this side could prove
 * @param peerNumber of the last state that this side signed for the peer; not below what the peer
 *     could prove
 * @param local this side's balance
 * @param remote the peer's balance
 */
public record SignedState(
    ChannelId channel, long number, long peerNumber, Amount local, Amount remote) {}
