package chargepile.agent.crypto;

/** The signing guard refuses; the message says what was asked and which rule forbids it. */
public final class SigningRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SigningRefusedException(String message) {
    super(message);
  }
}
