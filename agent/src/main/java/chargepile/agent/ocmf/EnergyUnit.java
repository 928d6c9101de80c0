package chargepile.agent.ocmf;

import java.util.Optional;

/** The unit of a reading of energy (OCMF, field {@code RU}). */
public enum EnergyUnit {
  KILOWATT_HOURS("kWh", 6),
  WATT_HOURS("Wh", 3);

  private final String text;
  private final int milliWattHourDigits;

  EnergyUnit(String text, int milliWattHourDigits) {
    this.text = text;
    this.milliWattHourDigits = milliWattHourDigits;
  }

  /** As it stands in a record. */
  public String text() {
    return text;
  }

  /** Decimal places down to a milliwatt-hour. */
  int milliWattHourDigits() {
    return milliWattHourDigits;
  }

  static Optional<EnergyUnit> of(String text) {
    return Codes.find(values(), EnergyUnit::text, text);
  }
}
