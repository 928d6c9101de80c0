package chargepile.agent.session.driver;

import java.util.List;

/** The answer to an event: the next state and what to do, in order. */
public record DriverTransition(Driver next, List<DriverAction> actions) {
  public DriverTransition {
    actions = List.copyOf(actions);
  }
}
