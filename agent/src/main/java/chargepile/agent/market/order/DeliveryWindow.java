package chargepile.agent.market.order;

import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When an order's energy flows.
 *
 * @param start whole seconds
 * @param end whole seconds, after {@code start}: the first moment that is no longer of it
 */
public record DeliveryWindow(Instant start, Instant end) {
  private static final BigInteger SECONDS_PER_HOUR = BigInteger.valueOf(3600);

  public DeliveryWindow {
    if (!isWhole(start) || !isWhole(end)) {
      throw new IllegalArgumentException("a delivery window is of whole seconds");
    }
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException("a delivery ends after it begins");
    }
  }

  public Duration length() {
    return Duration.between(start, end);
  }

  /**
   * The power in watts, rounded up, that delivers this energy evenly over the window; the highest
   * long where it is more.
   */
  public long power(WattHours energy) {
    BigInteger[] watts =
        BigInteger.valueOf(energy.value())
            .multiply(SECONDS_PER_HOUR)
            .divideAndRemainder(BigInteger.valueOf(length().toSeconds()));
    return watts[0]
        .add(BigInteger.valueOf(watts[1].signum()))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  private static boolean isWhole(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).equals(time);
  }
}
