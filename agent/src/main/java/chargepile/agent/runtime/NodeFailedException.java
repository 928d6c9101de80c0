package chargepile.agent.runtime;

/** A node can't go on: its contactor is open and it takes no further event. */
public final class NodeFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NodeFailedException(String message) {
    super(message);
  }

  public NodeFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
