package chargepile.agent.market;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One side of a book: its prices in a sorted array, the best at the end, where most comes and goes;
 * at each price a level, a queue of slots, the earliest first. A slot knows its level, so that
 * nothing is searched for when it leaves.
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

  /** The levels of the prices, in the same order; behind them those that are free. */
  private int[] order = rising(FIRST);

  /** Of each level; {@link QuoteSlots#NONE} where it is empty, which the best never is. */
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
    return levels == 0 ? NONE : heads[order[levels - 1]];
  }

  /** Puts a slot behind all others of its price. */
  void append(int slot) {
    long rank = rank(slot);
    int place = place(rank);
    if (place == levels || ranks[place] != rank) {
      insert(place, rank);
    }
    int level = order[place];
    slots.stand(slot, level);
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
    int level = slots.level(slot);
    int previous = slots.previous(slot);
    int next = slots.next(slot);
    slots.link(previous, next);
    if (next == NONE) {
      tails[level] = previous;
    }
    if (previous == NONE) {
      heads[level] = next;
      if (next == NONE) {
        empty++;
        tidy();
      }
    }
  }

  /** Every slot, the next to be matched first. */
  void forEach(IntConsumer visit) {
    for (int place = levels - 1; place >= 0; place--) {
      for (int slot = heads[order[place]]; slot != NONE; slot = slots.next(slot)) {
        visit.accept(slot);
      }
    }
  }

  private long rank(int slot) {
    long price = slots.price(slot);
    return side == Side.BID ? price : -price;
  }

  /** The lowest place of at least this rank; without a branch that nobody could foretell. */
  private int place(long rank) {
    int first = 0;
    for (int among = levels; among > 0; ) {
      int half = (among + 1) >>> 1;
      first = ranks[first + half - 1] < rank ? first + half : first;
      among -= half;
    }
    return first;
  }

  /** Makes room for an empty level. */
  private void insert(int place, long rank) {
    if (levels == ranks.length) {
      grow();
    }
    int level = order[levels];
    int after = levels - place;
    System.arraycopy(ranks, place, ranks, place + 1, after);
    System.arraycopy(order, place, order, place + 1, after);
    ranks[place] = rank;
    order[place] = level;
    heads[level] = NONE;
    levels++;
    empty++;
  }

  private void grow() {
    int larger = Math.multiplyExact(levels, 2);
    ranks = Arrays.copyOf(ranks, larger);
    heads = Arrays.copyOf(heads, larger);
    tails = Arrays.copyOf(tails, larger);
    int[] further = rising(larger);
    System.arraycopy(order, 0, further, 0, levels);
    order = further;
  }

  private static int[] rising(int end) {
    return IntStream.range(0, end).toArray();
  }

  /** Drops what is empty at the end, and everywhere once that is more than half. */
  private void tidy() {
    while (levels > 0 && heads[order[levels - 1]] == NONE) {
      levels--;
      empty--;
    }
    if (2 * empty > levels) {
      int kept = 0;
      for (int place = 0; place < levels; place++) {
        int level = order[place];
        if (heads[level] != NONE) {
          ranks[kept] = ranks[place];
          order[place] = order[kept];
          order[kept] = level;
          kept++;
        }
      }
      levels = kept;
      empty = 0;
    }
  }
}
