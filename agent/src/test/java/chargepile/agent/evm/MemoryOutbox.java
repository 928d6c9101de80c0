package chargepile.agent.evm;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the bytes of the entries, as a disk would, and can be made to fail. */
public final class MemoryOutbox implements EvmOutbox {
  private final Map<String, byte[]> kept;
  private boolean full;

  public MemoryOutbox() {
    this(new LinkedHashMap<>());
  }

  private MemoryOutbox(Map<String, byte[]> kept) {
    this.kept = kept;
  }

  /** What a program finds that was killed and started again. */
  public MemoryOutbox reopened() {
    return new MemoryOutbox(new LinkedHashMap<>(kept));
  }

  /** From now on nothing can be written. */
  public void fill() {
    full = true;
  }

  public OutboxEntry entry(String key) {
    return entries().stream()
        .filter(entry -> entry.intent().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public List<OutboxEntry> entries() {
    return kept.values().stream()
        .map(OutboxCodec::decode)
        .sorted(Comparator.comparingLong(OutboxEntry::nonce))
        .toList();
  }

  @Override
  public void save(OutboxEntry entry) {
    if (full) {
      throw new IllegalStateException("the disk is full");
    }
    kept.put(entry.intent().key(), OutboxCodec.encode(entry));
  }

  @Override
  public void forget(String key) {
    kept.remove(key);
  }
}
