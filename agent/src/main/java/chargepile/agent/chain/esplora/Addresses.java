package chargepile.agent.chain.esplora;

import java.util.HashSet;
import java.util.Set;

/**
 * The numbers of the addresses of one branch: which the chain has seen, which to hand out next, and
 * how far to look (BIP 44). Not thread-safe.
 */
final class Addresses {
  /** How many unused addresses in a row a wallet looks at before it believes there are no more. */
  static final int GAP = 20;

  private int lastUsed = -1;
  private int next;
  private final Set<Integer> empty = new HashSet<>();

  /** Above the last address that can hold coins. */
  int end() {
    return Math.max(lastUsed + 1, next) + GAP;
  }

  /** The chain has seen it. */
  void used(int index) {
    lastUsed = Math.max(lastUsed, index);
    next = Math.max(next, index + 1);
  }

  /** Whether it holds coins at present. */
  void holds(int index, boolean coins) {
    if (coins) {
      empty.remove(index);
    } else {
      empty.add(index);
    }
  }

  /** Used up, and long ago: nobody pays there any more, as a rule. */
  boolean isOld(int index) {
    return index <= lastUsed - GAP && empty.contains(index);
  }

  /** What {@link #take} would give. */
  int peek() {
    return Math.min(next, lastUsed + GAP);
  }

  /**
   * The next address that was never used nor handed out. When so many are out that a wallet which
   * starts anew would not look further, the last one again.
   */
  int take() {
    int index = peek();
    next = index + 1;
    return index;
  }
}
