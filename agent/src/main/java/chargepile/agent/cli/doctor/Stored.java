package chargepile.agent.cli.doctor;

import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.store.StoreView;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.Optional;

/** What the store says, read beside whoever writes it. */
final class Stored {
  private static final String FINISHED = "Closed";

  private Stored() {}

  /** How many channels are not finished; empty when the store can't be read. */
  static Optional<Integer> channels(Subject subject) {
    try {
      subject.requireVisible();
    } catch (AccessDeniedException e) {
      return Optional.empty(); // told by the store's own check, as is all that is wrong with it
    }
    if (!Files.exists(subject.store())) {
      return Optional.of(0);
    }
    try (StoreView store = SqliteStore.openReadOnly(subject.store())) {
      return Optional.of(
          (int) store.channels().stream().filter(row -> !row.stage().equals(FINISHED)).count());
    } catch (StoreException e) {
      return Optional.empty();
    }
  }
}
