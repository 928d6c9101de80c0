package chargepile.agent.channel.codec;

/** Stored bytes are not a channel's state: damaged, or written by another program. */
public final class MalformedStateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedStateException(String message) {
    super(message);
  }

  public MalformedStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
