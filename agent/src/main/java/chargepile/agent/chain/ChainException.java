package chargepile.agent.chain;

/** The chain or the wallet can't do what was asked at the moment; nothing was changed. */
public class ChainException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ChainException(String message) {
    super(message);
  }

  public ChainException(String message, Throwable cause) {
    super(message, cause);
  }
}
