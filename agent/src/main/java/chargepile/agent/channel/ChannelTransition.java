package chargepile.agent.channel;

import java.util.List;

/** The answer to an event: the next state and what to do, in order. */
public record ChannelTransition(Channel next, List<ChannelAction> actions) {
  public ChannelTransition {
    actions = List.copyOf(actions);
  }
}
