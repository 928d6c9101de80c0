package chargepile.agent.identity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times are encoded in whole seconds of the years 1970 to 9999: a value has one encoding. */
final class WholeSeconds {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private WholeSeconds() {}

  static void check(String what, Instant time) {
    if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        || time.isBefore(Instant.EPOCH)
        || time.isAfter(LAST)) {
      throw new IllegalArgumentException(
          what + " is a whole second of the years 1970 to 9999, not " + time);
    }
  }
}
