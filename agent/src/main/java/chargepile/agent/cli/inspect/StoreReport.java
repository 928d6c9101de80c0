package chargepile.agent.cli.inspect;

import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.StoreSize;
import chargepile.agent.store.StoreView;
import java.nio.file.Path;
import java.util.List;

/**
 * What a store held at one moment.
 *
 * @param channels those that were asked for
 * @param journal the last entries, oldest first
 */
record StoreReport(
    Path file,
    Snapshot snapshot,
    List<ChannelReport> channels,
    List<JournalEntry> journal,
    StoreSize size) {

  /**
   * Reads a store.
   *
   * @param channelPrefix the first hex digits of the channels to show; empty for all
   * @param journalRows how many entries of the journal's end
   */
  static StoreReport read(Path file, StoreView store, String channelPrefix, int journalRows) {
    Snapshot snapshot = store.load();
    List<ChannelReport> channels =
        snapshot.channels().stream()
            .filter(row -> row.id().toString().startsWith(channelPrefix))
            .map(ChannelReport::of)
            .toList();
    long from = Math.max(1, snapshot.journalSequence() - journalRows + 1);
    List<JournalEntry> journal = journalRows == 0 ? List.of() : store.journal(from, journalRows);
    return new StoreReport(file, snapshot, channels, journal, store.size());
  }
}
