package chargepile.agent.market;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One side of a book: its prices in a sorted array, the best at the end, where most comes and goes;
 * at each price a queue of slots, the earliest first.
 *
 * <p>A price whose queue runs empty stays for the next quote of it, unless it is the best, or more
 * than half of the prices are empty: so few quotes move the array.
 */
final class Ladder {
  private static final int FIRST = 16;
  private static final int NONE = QuoteSlots.NONE;

  private final Side side;
  private final QuoteSlots slots;

  /** Rising from the worst price to the best: asks stand negated. */
  private long[] ranks = new long[FIRST];

  /** Of each queue; {@link QuoteSlots#NONE} where it is empty, which the best never is. */
  private int[] heads = new int[FIRST];

  private int[] tails = new int[FIRST];
  private int levels;
  private int empty;

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
    if (level == levels || ranks[level] != rank) {
      insert(level, rank);
    }
    if (heads[level] == NONE) {
      empty--;
      heads[level] = slot;
      slots.link(NONE, slot);
    } else {
      slots.link(tails[level], slot);
    }
    slots.link(slot, NONE);
    tails[level] = slot;
  }

  void remove(int slot) {
    int previous = slots.previous(slot);
    int next = slots.next(slot);
    slots.link(previous, next);
    if (previous != NONE && next != NONE) {
      return;
    }
    int level = level(rank(slot));
    if (previous == NONE) {
      heads[level] = next;
    }
    if (next == NONE) {
      tails[level] = previous;
    }
    if (heads[level] == NONE) {
      empty++;
      tidy();
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

  /** Makes room for an empty queue. */
  private void insert(int level, long rank) {
    if (levels == ranks.length) {
      int larger = Math.multiplyExact(levels, 2);
      ranks = Arrays.copyOf(ranks, larger);
      heads = Arrays.copyOf(heads, larger);
      tails = Arrays.copyOf(tails, larger);
    }
    int after = levels - level;
    System.arraycopy(ranks, level, ranks, level + 1, after);
    System.arraycopy(heads, level, heads, level + 1, after);
    System.arraycopy(tails, level, tails, level + 1, after);
    ranks[level] = rank;
    heads[level] = NONE;
    tails[level] = NONE;
    levels++;
    empty++;
  }

  /** Drops what is empty at the end, and everywhere once that is more than half. */
  private void tidy() {
    while (levels > 0 && heads[levels - 1] == NONE) {
      levels--;
      empty--;
    }
    if (2 * empty > levels) {
      int kept = 0;
      for (int level = 0; level < levels; level++) {
        if (heads[level] != NONE) {
          ranks[kept] = ranks[level];
          heads[kept] = heads[level];
          tails[kept] = tails[level];
          kept++;
        }
      }
      levels = kept;
      empty = 0;
    }
  }
}
