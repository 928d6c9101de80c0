package chargepile.agent.market.order;

import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * What a unit of each energy type is worth in electrical energy (P2-03): whole numbers, and a
 * version that every order names, so that a later table changes no order.
 *
 * @param version 1 or more
 */
public record ConversionTable(int version, Map<EnergyType, Factor> factors) {
  /** Electricity alone, in watt-hours. */
  public static final ConversionTable FIRST =
      new ConversionTable(1, Map.of(EnergyType.ELECTRICITY, new Factor("Wh", 1, 1)));

  public ConversionTable {
    if (version < 1) {
      throw new IllegalArgumentException("table versions count from 1");
    }
    factors = Map.copyOf(factors);
  }

  /**
   * A unit is {@code numerator / denominator} watt-hours.
   *
   * @param unit in which quantities of the type are counted, such as {@code g}
   * @param numerator more than 0
   * @param denominator more than 0
   */
  public record Factor(String unit, long numerator, long denominator) {
    public Factor {
      if (numerator <= 0 || denominator <= 0) {
        throw new IllegalArgumentException("a factor is more than 0");
      }
    }
  }

  /**
   * The electrical energy of a quantity, rounded down; empty when the type is not in the table or
   * the energy leaves the range of a long.
   *
   * @param quantity 0 or more, in the type's unit
   */
  public Optional<WattHours> convert(EnergyType type, long quantity) {
    Factor factor = factors.get(type);
    if (factor == null) {
      return Optional.empty();
    }
    BigInteger energy =
        BigInteger.valueOf(quantity)
            .multiply(BigInteger.valueOf(factor.numerator()))
            .divide(BigInteger.valueOf(factor.denominator()));
    return energy.bitLength() < Long.SIZE
        ? Optional.of(new WattHours(energy.longValue()))
        : Optional.empty();
  }
}
