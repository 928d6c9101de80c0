package chargepile.agent.market;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The open quotes of a book, each in a numbered slot. What matching reads stands in plain arrays;
 * slots of one price are linked in the order of their arrival. Slots are used again.
 */
final class QuoteSlots {
  static final int NONE = -1;

  private static final int FIRST = 64;

  private @Nullable Quote[] quotes = new @Nullable Quote[FIRST];
  private @Nullable Position[] positions = new @Nullable Position[FIRST];
  private long[] prices = new long[FIRST];
  private long[] rests = new long[FIRST];
  private long[] arrivals = new long[FIRST];
  private int[] next = new int[FIRST];
  private int[] previous = new int[FIRST];
  private int[] levels = new int[FIRST];
  private int[] nextOwn = new int[FIRST];
  private int[] previousOwn = new int[FIRST];
  private int used;
  private int free = NONE;

  /** A slot for a new quote; it is in no list yet. */
  int take(Quote quote, Position position) {
    int slot = free;
    if (slot != NONE) {
      free = next[slot];
    } else {
      if (used == prices.length) {
        grow();
      }
      slot = used++;
    }
    positions[slot] = position;
    change(slot, quote);
    return slot;
  }

  void change(int slot, Quote quote) {
    quotes[slot] = quote;
    prices[slot] = quote.pricePerKwh().value();
    rests[slot] = quote.energy().value();
  }

  void arrive(int slot, long arrival) {
    arrivals[slot] = arrival;
  }

  void free(int slot) {
    quotes[slot] = null;
    positions[slot] = null;
    next[slot] = free;
    free = slot;
  }

  Quote quote(int slot) {
    return Objects.requireNonNull(quotes[slot]);
  }

  Position position(int slot) {
    return Objects.requireNonNull(positions[slot]);
  }

  long price(int slot) {
    return prices[slot];
  }

  long rest(int slot) {
    return rests[slot];
  }

  /** Takes {@code energy} off the rest; returns what is left. */
  long reduce(int slot, long energy) {
    return rests[slot] -= energy;
  }

  long arrival(int slot) {
    return arrivals[slot];
  }

  /** At which of its side's prices it stands, as {@link Ladder} numbers them. */
  int level(int slot) {
    return levels[slot];
  }

  void stand(int slot, int level) {
    levels[slot] = level;
  }

  int next(int slot) {
    return next[slot];
  }

  int previous(int slot) {
    return previous[slot];
  }

  /** The next of the same trader on the same side, or {@link #NONE}. */
  int nextOwn(int slot) {
    return nextOwn[slot];
  }

  /** Puts a slot before its trader's {@code first} on this side. */
  void linkOwn(int slot, int first) {
    nextOwn[slot] = first;
    previousOwn[slot] = NONE;
    if (first != NONE) {
      previousOwn[first] = slot;
    }
  }

  /** Takes a slot out from among its trader's; returns the first after that. */
  int unlinkOwn(int slot, int first) {
    int before = previousOwn[slot];
    int after = nextOwn[slot];
    if (after != NONE) {
      previousOwn[after] = before;
    }
    if (before == NONE) {
      return after;
    }
    nextOwn[before] = after;
    return first;
  }

  /** Makes {@code second} follow {@code first}; either may be {@link #NONE}. */
  void link(int first, int second) {
    if (first != NONE) {
      next[first] = second;
    }
    if (second != NONE) {
      previous[second] = first;
    }
  }

  private void grow() {
    int larger = Math.multiplyExact(used, 2);
    quotes = Arrays.copyOf(quotes, larger);
    positions = Arrays.copyOf(positions, larger);
    prices = Arrays.copyOf(prices, larger);
    rests = Arrays.copyOf(rests, larger);
    arrivals = Arrays.copyOf(arrivals, larger);
    next = Arrays.copyOf(next, larger);
    previous = Arrays.copyOf(previous, larger);
    levels = Arrays.copyOf(levels, larger);
    nextOwn = Arrays.copyOf(nextOwn, larger);
    previousOwn = Arrays.copyOf(previousOwn, larger);
  }
}
