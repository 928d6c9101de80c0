package chargepile.agent.market.order;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;

/**
 * What it costs to deliver less, or take other, than was agreed (P2-12): liquidated damages for
 * what is off by more than the tolerance, never more than what was put into escrow for it.
 *
 * @param amount each side's default amount in escrow (P2-02)
 * @param ratePerKwh in the ledger's smallest unit
 * @param toleranceBasisPoints of the order's energy, 0 to 10,000: meters and cars are not exact.
 *     Only what exceeds it counts, so there is no cliff at its edge
 */
public record DefaultRule(Amount amount, Amount ratePerKwh, int toleranceBasisPoints) {
  private static final int WHOLE = 10_000;

  public DefaultRule {
    if (toleranceBasisPoints < 0 || toleranceBasisPoints > WHOLE) {
      throw new IllegalArgumentException(
          "a tolerance is 0 to 10000 basis points, not " + toleranceBasisPoints);
    }
  }

  /** What of {@code off} is more than the tolerance. */
  WattHours beyond(WattHours ordered, WattHours off) {
    BigInteger tolerated =
        BigInteger.valueOf(ordered.value())
            .multiply(BigInteger.valueOf(toleranceBasisPoints))
            .divide(BigInteger.valueOf(WHOLE));
    return off.minusOrZero(new WattHours(tolerated.longValueExact()));
  }

  /**
   * What is due for energy beyond the tolerance, rounded down, before it is capped by what is in
   * escrow.
   */
  Amount damages(WattHours beyond) {
    BigInteger due =
        BigInteger.valueOf(beyond.value())
            .multiply(BigInteger.valueOf(ratePerKwh.value()))
            .divide(BigInteger.valueOf(WattHours.PER_KWH));
    return new Amount(due.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact());
  }
}
