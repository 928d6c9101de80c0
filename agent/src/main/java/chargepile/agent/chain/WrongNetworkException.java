package chargepile.agent.chain;

/** The chain is that of another network; the configuration must be corrected. */
public final class WrongNetworkException extends ChainException {
  private static final long serialVersionUID = 1;

  public WrongNetworkException(String message) {
    super(message);
  }
}
