package chargepile.agent.market;

import chargepile.agent.units.Amount;
import java.math.BigInteger;

/**
 * How a trade's amount is shared (P2-19): each fee rounds down, and the producer has the rest, so
 * that the three add up to the amount exactly.
 *
 * @param producer what the seller keeps
 * @param grid for the use of the grid
 * @param agency for the review
 */
public record RevenueSplit(Amount producer, Amount grid, Amount agency) {
  private static final int WHOLE = 10_000;

  /**
   * Fees in basis points of the amount.
   *
   * @param gridBasisPoints 0 or more
   * @param agencyBasisPoints 0 or more; both together at most 10,000
   */
  public record Fees(int gridBasisPoints, int agencyBasisPoints) {
    public static final Fees NONE = new Fees(0, 0);

    public Fees {
      if (gridBasisPoints < 0
          || agencyBasisPoints < 0
          || gridBasisPoints > WHOLE
          || agencyBasisPoints > WHOLE - gridBasisPoints) {
        throw new IllegalArgumentException(
            "fees of %d and %d basis points are not 0 to 10000 together"
                .formatted(gridBasisPoints, agencyBasisPoints));
      }
    }
  }

  public static RevenueSplit of(Amount amount, Fees fees) {
    Amount grid = part(amount, fees.gridBasisPoints());
    Amount agency = part(amount, fees.agencyBasisPoints());
    return new RevenueSplit(amount.minus(grid).minus(agency), grid, agency);
  }

  /**
   * The same amount where the fees can be no more than {@code most}: the grid's come first, and
   * what can't be had stays with the producer.
   */
  public RevenueSplit withFeesUpTo(Amount most) {
    Amount gridPart = grid.compareTo(most) <= 0 ? grid : most;
    Amount left = most.minus(gridPart);
    Amount agencyPart = agency.compareTo(left) <= 0 ? agency : left;
    return new RevenueSplit(total().minus(gridPart).minus(agencyPart), gridPart, agencyPart);
  }

  /** What does not go to the producer. */
  public Amount fees() {
    return grid.plus(agency);
  }

  public Amount total() {
    return producer.plus(fees());
  }

  private static Amount part(Amount amount, int basisPoints) {
    return new Amount(
        BigInteger.valueOf(amount.value())
            .multiply(BigInteger.valueOf(basisPoints))
            .divide(BigInteger.valueOf(WHOLE))
            .longValueExact());
  }
}
