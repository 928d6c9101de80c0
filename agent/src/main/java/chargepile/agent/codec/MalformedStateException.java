package chargepile.agent.codec;

/** Stored bytes are not the state that they should be: damaged, or written by another program. */
public final class MalformedStateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedStateException(String message) {
    super(message);
  }

  public MalformedStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
