package chargepile.agent.identity;

/** A signature that was received does not verify; nothing was added to it. */
public final class InvalidSignatureException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidSignatureException(String message) {
    super(message);
  }
}
