package chargepile.agent.config;

import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import java.util.Optional;

/**
 * All of {@code chargepile.toml}: complete, in range and free of contradictions.
 *
 * @param meter with the pile's rated power
 * @param plausibility where the meter's behaviour becomes a fault
 * @param tariff in the unit of the ledger
 * @param logLevel empty when {@code tinylog.properties} alone decides
 */
public record Config(
    PileSettings pile,
    StoreSettings store,
    GpioSettings gpio,
    MeterSettings meter,
    PlausibilityLimits plausibility,
    Tariff tariff,
    ExposureSettings exposure,
    SessionSettings session,
    MqttSettings mqtt,
    LedgerSettings ledger,
    IdentitySettings identity,
    WebSettings web,
    Optional<LogLevel> logLevel) {
  /**
   * What is set of Bitcoin.
   *
   * @throws IllegalStateException when the ledger is another; who does not know asks {@link
   *     #ledger}
   */
  public LedgerSettings.Bitcoin bitcoin() {
    return switch (ledger) {
      case LedgerSettings.Bitcoin bitcoin -> bitcoin;
      case LedgerSettings.Evm evm -> throw new IllegalStateException("the ledger is not Bitcoin");
    };
  }
}
