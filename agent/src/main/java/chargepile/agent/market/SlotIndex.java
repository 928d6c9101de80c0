package chargepile.agent.market;

import java.util.Arrays;

/**
 * Slots by quote id: open addressing with linear probing, at most half full. What is removed leaves
 * no mark: those behind it move up, so a long-lived book does not slow down.
 */
final class SlotIndex {
  private static final int FIRST = 128;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L; // 2^64 over the golden ratio

  private long[] ids = new long[FIRST];
  private int[] slots = filled(FIRST);
  private int shift = shift(FIRST);
  private int size;
  private final long salt;

  /**
   * @param salt any number: ids that meet in one place can't be chosen by who does not know it
   */
  SlotIndex(long salt) {
    this.salt = salt;
  }

  int size() {
    return size;
  }

  /** The slot, or {@link QuoteSlots#NONE}. */
  int get(long id) {
    int mask = ids.length - 1;
    for (int at = home(id); slots[at] != QuoteSlots.NONE; at = (at + 1) & mask) {
      if (ids[at] == id) {
        return slots[at];
      }
    }
    return QuoteSlots.NONE;
  }

  /** How many places are looked at to find this id, or that it is not there. */
  int steps(long id) {
    int mask = ids.length - 1;
    int at = home(id);
    int steps = 1;
    while (slots[at] != QuoteSlots.NONE && ids[at] != id) {
      at = (at + 1) & mask;
      steps++;
    }
    return steps;
  }

  /** Adds an id that is not there. */
  void put(long id, int slot) {
    if (2 * (size + 1) > ids.length) {
      grow();
    }
    insert(id, slot);
    size++;
  }

  /** Takes out an id that is there. */
  void remove(long id) {
    int mask = ids.length - 1;
    int hole = home(id);
    while (ids[hole] != id || slots[hole] == QuoteSlots.NONE) {
      hole = (hole + 1) & mask;
    }
    slots[hole] = QuoteSlots.NONE;
    size--;
    for (int at = (hole + 1) & mask; slots[at] != QuoteSlots.NONE; at = (at + 1) & mask) {
      // It may move up only if its home is not between the hole and here.
      if (((at - home(ids[at])) & mask) >= ((at - hole) & mask)) {
        ids[hole] = ids[at];
        slots[hole] = slots[at];
        slots[at] = QuoteSlots.NONE;
        hole = at;
      }
    }
  }

  private void insert(long id, int slot) {
    int mask = ids.length - 1;
    int at = home(id);
    while (slots[at] != QuoteSlots.NONE) {
      at = (at + 1) & mask;
    }
    ids[at] = id;
    slots[at] = slot;
  }

  private void grow() {
    long[] oldIds = ids;
    int[] oldSlots = slots;
    int larger = Math.multiplyExact(oldIds.length, 2);
    ids = new long[larger];
    slots = filled(larger);
    shift = shift(larger);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldSlots[i] != QuoteSlots.NONE) {
        insert(oldIds[i], oldSlots[i]);
      }
    }
  }

  /** Every bit of the id decides: the first product has its best bits at the top only. */
  private int home(long id) {
    long mixed = (id ^ salt) * SPREAD;
    return (int) (((mixed ^ (mixed >>> 32)) * SPREAD) >>> shift);
  }

  private static int shift(int length) {
    return Long.numberOfLeadingZeros(length) + 1;
  }

  private static int[] filled(int length) {
    int[] empty = new int[length];
    Arrays.fill(empty, QuoteSlots.NONE);
    return empty;
  }
}
