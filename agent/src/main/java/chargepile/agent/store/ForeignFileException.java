package chargepile.agent.store;

/** A file that does not begin as a store does: another program's, or damaged at its beginning. */
public final class ForeignFileException extends StoreException {
  private static final long serialVersionUID = 1;

  public ForeignFileException(String message) {
    super(message);
  }
}
