package chargepile.agent.store;

import java.util.Map;

/**
 * What a store occupies.
 *
 * @param databaseBytes the database file
 * @param walBytes the write-ahead log beside it, which is bounded and empty after closing
 * @param rows rows by table
 */
public record StoreSize(long databaseBytes, long walBytes, Map<String, Long> rows) {
  public StoreSize {
    rows = Map.copyOf(rows);
  }

  /** Bytes on disk, all files together. */
  public long bytes() {
    return databaseBytes + walBytes;
  }
}
