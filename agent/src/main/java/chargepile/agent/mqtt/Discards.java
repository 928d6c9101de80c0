package chargepile.agent.mqtt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tinylog.Logger;

/**
 * Counts what was thrown away, by reason. The first of each reason is a warning in the log and the
 * rest are not, so that nobody can flood it. Thread-safe.
 */
final class Discards {
  private final String who;
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  Discards(String who) {
    this.who = who;
  }

  void count(String reason, String where) {
    if (counts.merge(reason, 1L, Long::sum) == 1) {
      Logger.warn(
          "{}: discarded a frame on {}: {}; further ones are only counted", who, where, reason);
    } else {
      Logger.debug("{}: discarded a frame on {}: {}", who, where, reason);
    }
  }

  /** Counts an act by number and reason only: its detail is the sender's to choose. */
  void count(HandshakeException failure, String where) {
    count("act %d %s".formatted(failure.act(), failure.reason()), where);
  }

  Map<String, Long> counts() {
    return Map.copyOf(counts);
  }
}
