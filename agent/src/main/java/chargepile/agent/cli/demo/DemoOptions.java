package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.PowerTrace;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a demo is to show; in range and free of contradictions.
 *
 * @param traceName for people: the file's name, or what stands for the built-in trace
 * @param trace as it is to be replayed: with {@code --export} its direction is turned already
 * @param direction where most of the trace's energy goes; the payer of it funds the channel
 * @param impulsesPerKwh of the meter; a pulse is not more energy than an increment
 * @param increment what one signed update pays for
 * @param credit energy that may be unpaid; 0 is prepaid, otherwise at least one increment
 * @param pricePerKwh in either direction
 * @param capacity of the channel
 * @param speed virtual seconds a second; 0 is as fast as it goes
 * @param broker empty to find one
 * @param chain what the channel is opened on and settled on
 * @param bitcoind the program of {@link OnChain#BITCOIND}; empty to find one
 * @param directory where the stores are to be kept; empty for a temporary one that is removed
 */
public record DemoOptions(
    String traceName,
    PowerTrace trace,
    Direction direction,
    int impulsesPerKwh,
    MilliWattHours increment,
    MilliWattHours credit,
    Amount pricePerKwh,
    Satoshi capacity,
    double speed,
    DriverConduct conduct,
    Optional<URI> broker,
    OnChain chain,
    Optional<Path> bitcoind,
    Optional<Path> directory) {

  /** How the driver behaves. */
  public enum DriverConduct {
    /** Pays, and closes the channel with the pile. */
    HONEST,
    /** Pays, then publishes a revoked commitment. */
    CHEAT,
    /** Falls silent in the middle of the session. */
    VANISH
  }

  /** The chain that a demo runs on. */
  public enum OnChain {
    /** In the process. */
    EMBEDDED,
    /** A Bitcoin node on regtest, which the demo starts and stops. */
    BITCOIND
  }
}
