package chargepile.agent.store;

/** The store's file is damaged: no start from it, only {@code chargepile restore}, can help. */
public final class DamagedStoreException extends StoreException {
  private static final long serialVersionUID = 1;

  private static final String ADVICE =
      "It was not changed. `chargepile restore --replace-damaged BACKUP` keeps it under another"
          + " name, asks the peers to close the channels, and takes the money home;"
          + " `chargepile inspect` shows what can still be read. Never start from an older copy: an"
          + " old channel state that is published forfeits the money";

  public DamagedStoreException(String what) {
    super(what + ". " + ADVICE);
  }

  public DamagedStoreException(String what, Throwable cause) {
    super(what + ". " + ADVICE, cause);
  }
}
