package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
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
 * @param speed virtual seconds a second; 0 is as fast as it goes
 * @param broker empty to find one
 * @param directory where the stores are to be kept; empty for a temporary one that is removed
 * @param ledger what the channel is opened on and settled on
 */
public record DemoOptions(
    String traceName,
    PowerTrace trace,
    Direction direction,
    int impulsesPerKwh,
    MilliWattHours increment,
    MilliWattHours credit,
    Amount pricePerKwh,
    double speed,
    DriverConduct conduct,
    Optional<URI> broker,
    Optional<Path> directory,
    OnLedger ledger) {

  /** The ledger that a demo runs on. */
  public sealed interface OnLedger {
    /**
     * A penalty channel; amounts are millisatoshi.
     *
     * @param capacity of the channel
     * @param bitcoind the program of {@link OnChain#BITCOIND}; empty to find one
     */
    record Bitcoin(Satoshi capacity, OnChain chain, Optional<Path> bitcoind) implements OnLedger {}

    /**
     * A voucher channel and a market; amounts are the token's base units.
     *
     * @param anvil the program of the private chain; empty to find one
     */
    record Evm(Optional<Path> anvil) implements OnLedger {}
  }

  public DemoOptions {
    if (ledger instanceof OnLedger.Evm && direction == Direction.EXPORT) {
      throw new IllegalArgumentException("on an EVM chain the demo's car charges");
    }
  }

  /** An amount for people: {@code 1 623.45 sat}, {@code 1 623 450 units}. */
  String money(Amount amount) {
    return switch (ledger) {
      case OnLedger.Bitcoin _ -> Figures.sat(amount);
      case OnLedger.Evm _ -> units(amount);
    };
  }

  /** The same in the ledger's smallest unit. */
  String smallest(Amount amount) {
    return switch (ledger) {
      case OnLedger.Bitcoin _ -> Figures.msat(amount);
      case OnLedger.Evm _ -> units(amount);
    };
  }

  private static String units(Amount amount) {
    return Figures.grouped(amount.value()) + " units";
  }

  /** How the driver behaves. */
  public enum DriverConduct {
    /** Pays, and closes the channel with the pile. */
    HONEST,
    /** Pays, then closes the channel at a state that is long revoked, or with an old voucher. */
    CHEAT,
    /** Falls silent in the middle of the session. */
    VANISH
  }

  /** The chain that a demo on Bitcoin runs on. */
  public enum OnChain {
    /** In the process. */
    EMBEDDED,
    /** A Bitcoin node on regtest, which the demo starts and stops. */
    BITCOIND
  }
}
