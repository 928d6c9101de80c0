package chargepile.agent.ocmf;

/** A text is no meter record, or none that this program can judge; the message says why. */
public final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  public MalformedRecordException(String message) {
    super(message);
  }

  MalformedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
