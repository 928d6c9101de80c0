package chargepile.agent.session.leg;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelTransition;

/** A channel's pure state machine; {@code ChannelMachine::on}. */
@FunctionalInterface
public interface ChannelLogic {
  ChannelTransition on(Channel state, ChannelEvent event);
}
