package chargepile.agent.evm;

/** A node can't do what was asked at the moment; nothing was changed. */
public class EvmException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public EvmException(String message) {
    super(message);
  }

  public EvmException(String message, Throwable cause) {
    super(message, cause);
  }
}
