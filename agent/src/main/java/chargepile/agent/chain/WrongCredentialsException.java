package chargepile.agent.chain;

/** The node does not let this program in; the configuration must be corrected. */
public final class WrongCredentialsException extends ChainException {
  private static final long serialVersionUID = 1;

  public WrongCredentialsException(String message) {
    super(message);
  }
}
