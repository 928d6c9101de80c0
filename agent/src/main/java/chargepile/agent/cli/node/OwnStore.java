package chargepile.agent.cli.node;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.store.DamagedStoreException;
import chargepile.agent.store.ForeignFileException;
import chargepile.agent.store.SetAside;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import java.nio.file.Files;
import java.nio.file.Path;

/** A node's own store, looked through before anything is done with it. */
public final class OwnStore {
  private OwnStore() {}

  /** Reads what a role keeps beside its channels. */
  @FunctionalInterface
  public interface Session {
    /**
     * Reads it.
     *
     * @throws MalformedStateException when it can't be read
     */
    void read(byte[] session);
  }

  /**
   * Looks whether the store is there if it ever was; before a seed is made.
   *
   * @param backup the backup of the channels that were in it, if it ever had any
   * @throws CommandFailedException when it is missing
   */
  public static void requireNotLost(Path file, Path backup) throws CommandFailedException {
    if (!SetAside.isThere(file) && Files.exists(backup)) {
      throw new CommandFailedException(
          "%s is missing, but the backup %s is there: `chargepile restore` gets the money of its channels back. Only for a node that is to begin anew, move the backup away"
              .formatted(file, backup));
    }
  }

  /**
   * Opens the store, or makes the first one.
   *
   * @throws DamagedStoreException when any of it can't be read
   */
  public static SqliteStore open(Path file, Session session) {
    SqliteStore store = opened(file);
    try {
      requireReadable(file, store, session);
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** A file of the store's own name that is no store was one. */
  private static SqliteStore opened(Path file) {
    try {
      return SqliteStore.open(file);
    } catch (ForeignFileException e) {
      throw new DamagedStoreException(file + " is damaged: it does not begin as a store", e);
    }
  }

  /**
   * Looks for damage that only the meaning of the bytes shows.
   *
   * @throws DamagedStoreException when there is any
   */
  public static void requireReadable(Path file, StoreView store, Session session) {
    try {
      Snapshot snapshot = store.load();
      Recovery.requireReadable(snapshot);
      snapshot.session().ifPresent(session::read);
    } catch (MalformedStateException e) {
      throw new DamagedStoreException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }
}
