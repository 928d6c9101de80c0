package chargepile.agent.crypto.pairing;

/** Bytes that are no point of the group where one is expected; the message says why. */
public final class MalformedPointException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  MalformedPointException(String message) {
    super(message);
  }

  MalformedPointException(String message, Throwable cause) {
    super(message, cause);
  }
}
