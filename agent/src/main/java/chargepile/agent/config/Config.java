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
    ChannelNumbers channel,
    MqttSettings mqtt,
    ChainSettings chain,
    WalletSettings wallet,
    IdentitySettings identity,
    WebSettings web,
    Optional<LogLevel> logLevel) {}
