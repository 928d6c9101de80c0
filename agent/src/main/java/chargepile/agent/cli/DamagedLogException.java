package chargepile.agent.cli;

/**
 * What a key generation centre did can't be read any more, or was changed: to go on would issue on
 * a false ground.
 */
public final class DamagedLogException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DamagedLogException(String message) {
    super(message);
  }

  public DamagedLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
