package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.cli.run.PileTerms;
import chargepile.agent.store.DamagedStoreException;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The store: there if it ever was, and whole. It is read only. */
final class StoreCheck implements Check {
  private final Subject subject;

  StoreCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "store";
  }

  @Override
  public Duration limit() {
    return Duration.ofSeconds(60);
  }

  @Override
  public List<Finding> look() throws IOException {
    subject.requireVisible();
    Path file = subject.store();
    try {
      OwnStore.requireNotLost(file, subject.config().store().backup());
      if (!Files.exists(file)) {
        return List.of(Finding.ok("there is none yet: the first start makes it"));
      }
      boolean held = subject.daemon().isPresent();
      if (!held) {
        SqliteStore.requireIntact(file);
      }
      try (StoreView store = SqliteStore.openReadOnly(file)) {
        PileTerms terms = new PileTerms(subject.config());
        OwnStore.requireReadable(
            file, store, session -> PileDaemon.readable(session, terms.pile()));
      }
      return List.of(
          Finding.ok(
              held
                  ? "%s can be read; the daemon at work (process %d) has looked through the rest"
                      .formatted(file, subject.daemon().getAsLong())
                  : "%s is whole, every page and every channel".formatted(file)));
    } catch (CommandFailedException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()), "see \"When the store is lost\" in the README"));
    } catch (DamagedStoreException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "stop the daemon; chargepile restore --replace-damaged gets the money back with seed"
                  + " and backup"));
    } catch (StoreException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "run this as the daemon's user: sudo -u chargepile chargepile doctor …"));
    }
  }
}
