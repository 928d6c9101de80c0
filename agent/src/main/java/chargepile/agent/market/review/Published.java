package chargepile.agent.market.review;

import chargepile.agent.market.order.DeliveryWindow;
import java.time.Instant;

/**
 * What an agency has published, with the one value to come at most: notice is given so that all can
 * adapt, and what is delivered after it is bound by what holds then (P2-09).
 *
 * @param before until {@code from}
 * @param after from then on
 */
public record Published<T>(T before, Instant from, T after) {
  /** Nothing else is to come. */
  public static <T> Published<T> always(T value) {
    return new Published<>(value, Instant.MIN, value);
  }

  public T at(Instant time) {
    return time.isBefore(from) ? before : after;
  }

  /** Whether something comes into force after {@code now} and before the window ends. */
  boolean changes(DeliveryWindow window, Instant now) {
    return now.isBefore(from) && window.end().isAfter(from);
  }

  /** Whether it is this value all the time of the window. */
  boolean is(T value, DeliveryWindow window) {
    return (!window.start().isBefore(from) || before.equals(value))
        && (!window.end().isAfter(from) || after.equals(value));
  }
}
