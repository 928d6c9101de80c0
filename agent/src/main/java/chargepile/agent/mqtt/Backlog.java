package chargepile.agent.mqtt;

import java.util.HashMap;
import java.util.Map;

/**
 * Room for frames that arrived and are not handled yet: so much for one sender and so much in all,
 * because the heap is small and a sender is trusted with nothing. What finds no room is lost, as a
 * broker may lose it. Thread-safe.
 */
final class Backlog {
  static final int OF_ONE_BYTES = 1 << 20;
  static final int OF_ALL_BYTES = 8 << 20;

  /**
   * What a waiting frame takes besides its own bytes; also what bounds how many empty ones wait.
   */
  static final int OVERHEAD_BYTES = 1024;

  private final Map<String, Integer> bySender = new HashMap<>();
  private int all;

  /** Whether there is room for a frame of {@code sender}, which is then taken. */
  synchronized boolean enter(String sender, int frameBytes) {
    int more = frameBytes + OVERHEAD_BYTES;
    int of = bySender.getOrDefault(sender, 0);
    if (of + more > OF_ONE_BYTES || all + more > OF_ALL_BYTES) {
      return false;
    }
    bySender.put(sender, of + more);
    all += more;
    return true;
  }

  /** A frame that entered is being handled. */
  synchronized void leave(String sender, int frameBytes) {
    int less = frameBytes + OVERHEAD_BYTES;
    bySender.computeIfPresent(sender, (_, of) -> of > less ? of - less : null);
    all -= less;
  }
}
