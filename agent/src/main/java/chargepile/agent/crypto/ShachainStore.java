package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The secrets a peer has revealed, at most 49 whatever their number (BOLT 3, "Efficient
 * Per-commitment Secret Storage").
 *
 * @param entries what to persist: the secret with the lowest index of each bucket, in bucket order
 */
public record ShachainStore(List<Entry> entries) {
  /**
   * A secret that stands for all indices with the same bits above its trailing zeros.
   *
   * @param index 0 to 2^48 - 1
   */
  public record Entry(long index, ByteVector32 secret) {
    public Entry {
      Shachain.requireIndex(index);
    }

    @Override
    public String toString() {
      return "Entry[index " + index + "]";
    }

    /** Trailing zeros of the index: how many low bits its secret derives. */
    int bucket() {
      return Math.min(Long.numberOfTrailingZeros(index), Shachain.BITS);
    }
  }

  public ShachainStore {
    entries = List.copyOf(entries);
    for (int bucket = 0; bucket < entries.size(); bucket++) {
      if (entries.get(bucket).bucket() != bucket) {
        throw new IllegalArgumentException(
            "shachain entry %d has index %d, which belongs to bucket %d"
                .formatted(bucket, entries.get(bucket).index(), entries.get(bucket).bucket()));
      }
    }
  }

  public static ShachainStore empty() {
    return new ShachainStore(List.of());
  }

  /** The index the next secret must have: one below the lowest so far; -1 when all are known. */
  public long nextIndex() {
    return entries.stream().mapToLong(Entry::index).min().orElse(Shachain.FIRST_INDEX + 1) - 1;
  }

  /**
   * This store with one secret more.
   *
   * @throws IllegalArgumentException when {@code index} is not {@link #nextIndex}, or the secrets
   *     received before do not derive from {@code secret}; the peer has lied then or now
   */
  public ShachainStore insert(long index, ByteVector32 secret) {
    if (index != nextIndex()) {
      throw new IllegalArgumentException(
          "per-commitment secret %d is out of order: expected %d".formatted(index, nextIndex()));
    }
    var added = new Entry(index, secret);
    int bucket = added.bucket();
    for (Entry known : entries.subList(0, bucket)) {
      if (!Shachain.derive(secret, bucket, known.index()).equals(known.secret())) {
        throw new IllegalArgumentException(
            "per-commitment secret %d does not derive the known secret %d"
                .formatted(index, known.index()));
      }
    }
    var next = new ArrayList<>(entries);
    if (bucket < next.size()) {
      next.set(bucket, added);
    } else {
      next.add(added);
    }
    return new ShachainStore(next);
  }

  /** The secret at {@code index}, when it was revealed. */
  public Optional<ByteVector32> secret(long index) {
    Shachain.requireIndex(index);
    for (Entry entry : entries) {
      int bucket = entry.bucket();
      if (index >>> bucket == entry.index() >>> bucket) {
        return Optional.of(Shachain.derive(entry.secret(), bucket, index));
      }
    }
    return Optional.empty();
  }

  /** Says how much is known, and no secret. */
  @Override
  public String toString() {
    return "ShachainStore[next index " + nextIndex() + "]";
  }
}
