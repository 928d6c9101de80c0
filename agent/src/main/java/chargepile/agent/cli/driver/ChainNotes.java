package chargepile.agent.cli.driver;

import chargepile.agent.session.ChainSight;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.JournalNote;
import chargepile.agent.store.StoreView;
import java.util.List;
import java.util.Optional;

/** What the journal says of the chain. */
final class ChainNotes {
  private static final int PAGE = 1000;

  private ChainNotes() {}

  /** When and why the chain went out of sight in the latest run; empty when it came back. */
  static Optional<JournalNote> outOfSight(StoreView store, long latest) {
    for (long from = Math.max(1, latest - PAGE + 1); ; from = Math.max(1, from - PAGE)) {
      List<JournalEntry> page = store.journal(from, PAGE);
      for (JournalEntry entry : page.reversed()) {
        switch (entry.note().event()) {
          case ChainSight.LOST -> {
            return Optional.of(entry.note());
          }
          case ChainSight.FOUND, "started" -> {
            return Optional.empty();
          }
          default -> {}
        }
      }
      if (from == 1 || page.isEmpty() || page.getFirst().sequence() > from) {
        return Optional.empty();
      }
    }
  }
}
