package chargepile.agent.channel;

/** The state of the talk with the peer. */
public enum Link {
  /** Nothing can be said. */
  DOWN,
  /** The own {@code channel_reestablish} is said, the peer's not heard. */
  SYNCING,
  /** Both know what the other has. */
  UP
}
