package chargepile.agent.cli;

/** A command can't do what was asked; the message is the whole answer to the person who asked. */
public final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1;

  public CommandFailedException(String message) {
    super(message);
  }

  public CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
