package chargepile.agent.cli.inspect;

import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.DamagedStoreException;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreSize;
import chargepile.agent.store.StoreView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store held at one moment.
 *
 * @param channels those that were asked for
 * @param journal the last entries, oldest first
 * @param damage why not all of it can be read, if so
 */
record StoreReport(
    Path file,
    Snapshot snapshot,
    List<ChannelReport> channels,
    List<JournalEntry> journal,
    StoreSize size,
    Optional<DamagedStoreException> damage) {

  /**
   * Reads a store.
   *
   * @param channelPrefix the first hex digits of the channels to show; empty for all
   * @param journalRows how many entries of the journal's end
   */
  static StoreReport read(Path file, StoreView store, String channelPrefix, int journalRows) {
    Optional<DamagedStoreException> damage = damage(() -> SqliteStore.requireSound(file));
    try {
      return whole(file, store, channelPrefix, journalRows, damage);
    } catch (DamagedStoreException e) {
      return part(file, store, channelPrefix, e);
    }
  }

  private static StoreReport whole(
      Path file,
      StoreView store,
      String channelPrefix,
      int journalRows,
      Optional<DamagedStoreException> damage) {
    Snapshot snapshot = store.load();
    long from = Math.max(1, snapshot.journalSequence() - journalRows + 1);
    List<JournalEntry> journal = journalRows == 0 ? List.of() : store.journal(from, journalRows);
    return new StoreReport(
        file,
        snapshot,
        channels(snapshot.channels(), snapshot.meta(), channelPrefix),
        journal,
        store.size(),
        damage);
  }

  /** The channels of a damaged store, if at least those can be read. */
  private static StoreReport part(
      Path file, StoreView store, String channelPrefix, DamagedStoreException damage) {
    List<ChannelRow> rows = store.channels();
    Snapshot snapshot =
        new Snapshot(rows, List.of(), Optional.empty(), RegistersRow.ZERO, List.of(), 0, Map.of());
    return new StoreReport(
        file,
        snapshot,
        channels(rows, Map.of(), channelPrefix),
        List.of(),
        new StoreSize(0, 0, Map.of()),
        Optional.of(damage));
  }

  private static List<ChannelReport> channels(
      List<ChannelRow> rows, Map<String, String> meta, String prefix) {
    return rows.stream()
        .filter(row -> row.id().toString().startsWith(prefix))
        .map(row -> ChannelReport.of(row, meta))
        .toList();
  }

  private static Optional<DamagedStoreException> damage(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (DamagedStoreException e) {
      return Optional.of(e);
    }
  }
}
