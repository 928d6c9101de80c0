package chargepile.agent.store;

/**
 * The store refused or could not do what was asked. Nothing was changed: what was committed before
 * is intact. The message says what to do.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
