package chargepile.agent.market;

import java.util.function.IntPredicate;

/** A trader's open quotes in a book: how many on each side, and which. */
final class Position {
  private final QuoteSlots slots;
  private int open;
  private int firstAsk = QuoteSlots.NONE;
  private int firstBid = QuoteSlots.NONE;

  Position(QuoteSlots slots) {
    this.slots = slots;
  }

  /** On both sides. */
  int open() {
    return open;
  }

  void add(Side side, int slot) {
    slots.linkOwn(slot, first(side));
    first(side, slot);
    open++;
  }

  void remove(Side side, int slot) {
    first(side, slots.unlinkOwn(slot, first(side)));
    open--;
  }

  /** Looks at no more than this trader's quotes of that side. */
  boolean any(Side side, IntPredicate wanted) {
    for (int slot = first(side); slot != QuoteSlots.NONE; slot = slots.nextOwn(slot)) {
      if (wanted.test(slot)) {
        return true;
      }
    }
    return false;
  }

  private int first(Side side) {
    return switch (side) {
      case ASK -> firstAsk;
      case BID -> firstBid;
    };
  }

  private void first(Side side, int slot) {
    switch (side) {
      case ASK -> firstAsk = slot;
      case BID -> firstBid = slot;
    }
  }
}
