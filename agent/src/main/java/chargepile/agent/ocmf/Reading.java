package chargepile.agent.ocmf;

import chargepile.agent.units.MilliWattHours;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One reading of a meter (OCMF, "Readings").
 *
 * @param value with the digits that are valid
 * @param cumulatedLoss what was taken off the value for the cable's losses since the beginning
 */
public record Reading(
    ReadingTime time,
    ReadingReason reason,
    BigDecimal value,
    ObisCode quantity,
    EnergyUnit unit,
    Optional<BigDecimal> cumulatedLoss,
    ErrorFlags errors,
    MeterStatus status) {
  public Reading {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("a register below zero: " + value);
    }
    if (value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE, unit.milliWattHourDigits())) > 0) {
      throw new IllegalArgumentException("more than any register holds: " + value);
    }
  }

  /** A register's reading in watt-hours with three digits. */
  public static Reading of(
      ReadingTime time,
      ReadingReason reason,
      MilliWattHours register,
      ObisCode quantity,
      ErrorFlags errors,
      MeterStatus status) {
    return new Reading(
        time,
        reason,
        BigDecimal.valueOf(register.value(), EnergyUnit.WATT_HOURS.milliWattHourDigits()),
        quantity,
        EnergyUnit.WATT_HOURS,
        Optional.empty(),
        errors,
        status);
  }

  /** The value in milliwatt-hours, rounded down. */
  public MilliWattHours energy() {
    return new MilliWattHours(
        value.movePointRight(unit.milliWattHourDigits()).toBigInteger().longValueExact());
  }

  /** Whether the meter was well and its energy can be billed. */
  public boolean isSound() {
    return status == MeterStatus.OK && !errors.energy();
  }
}
