package chargepile.agent.market;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * One side of a book: its prices in a sorted array, the best at the end, where most comes and goes;
 * at each price a queue of slots, the earliest first.
 */
final class Ladder {
  private static final int FIRST = 16;
  private static final int NONE = QuoteSlots.NONE;

  private final Side side;
  private final QuoteSlots slots;

  /** Rising from the worst price to the best: asks stand negated. */
  private long[] ranks = new long[FIRST];

  private int[] heads = new int[FIRST];
  private int[] tails = new int[FIRST];
  private int levels;

  Ladder(Side side, QuoteSlots slots) {
    this.side = side;
    this.slots = slots;
  }

  /** The slot that is matched next, or {@link QuoteSlots#NONE}. */
  int best() {
    return levels == 0 ? NONE : heads[levels - 1];
  }

  /** Puts a slot behind all others of its price. */
  void append(int slot) {
    long rank = rank(slot);
    int level = level(rank);
    if (level < levels && ranks[level] == rank) {
      slots.link(tails[level], slot);
      slots.link(slot, NONE);
      tails[level] = slot;
    } else {
      insert(level, rank, slot);
    }
  }

  void remove(int slot) {
    int previous = slots.previous(slot);
    int next = slots.next(slot);
    slots.link(previous, next);
    if (previous != NONE && next != NONE) {
      return;
    }
    int level = level(rank(slot));
    if (previous == NONE && next == NONE) {
      delete(level);
    } else if (previous == NONE) {
      heads[level] = next;
    } else {
      tails[level] = previous;
    }
  }

  /** Every slot, the next to be matched first. */
  void forEach(IntConsumer visit) {
    for (int level = levels - 1; level >= 0; level--) {
      for (int slot = heads[level]; slot != NONE; slot = slots.next(slot)) {
        visit.accept(slot);
      }
    }
  }

  /** Whether {@code wanted} is true of a slot before the first price that is {@code beyond}. */
  boolean anyUntil(IntPredicate beyond, IntPredicate wanted) {
    for (int level = levels - 1; level >= 0 && !beyond.test(heads[level]); level--) {
      for (int slot = heads[level]; slot != NONE; slot = slots.next(slot)) {
        if (wanted.test(slot)) {
          return true;
        }
      }
    }
    return false;
  }

  private long rank(int slot) {
    long price = slots.price(slot);
    return side == Side.BID ? price : -price;
  }

  /** The lowest level of at least this rank. */
  private int level(long rank) {
    int low = 0;
    int high = levels;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranks[middle] < rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void insert(int level, long rank, int slot) {
    if (levels == ranks.length) {
      int larger = Math.multiplyExact(levels, 2);
      ranks = Arrays.copyOf(ranks, larger);
      heads = Arrays.copyOf(heads, larger);
      tails = Arrays.copyOf(tails, larger);
    }
    move(level, level + 1, levels - level);
    ranks[level] = rank;
    heads[level] = slot;
    tails[level] = slot;
    levels++;
    slots.link(NONE, slot);
    slots.link(slot, NONE);
  }

  private void delete(int level) {
    levels--;
    move(level + 1, level, levels - level);
  }

  private void move(int from, int to, int count) {
    if (count > 0) {
      System.arraycopy(ranks, from, ranks, to, count);
      System.arraycopy(heads, from, heads, to, count);
      System.arraycopy(tails, from, tails, to, count);
    }
  }
}
