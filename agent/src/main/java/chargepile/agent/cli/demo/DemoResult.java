package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;

/** What happened in a demo: the charging first, which is the same on every ledger. */
public sealed interface DemoResult permits BitcoinDemoResult, EvmDemoResult {
  /** Virtual time from closing the contactor to opening it for good. */
  Duration charged();

  /** Energy into the car, as metered. */
  MilliWattHours imported();

  /** Energy out of the car, as metered. */
  MilliWattHours exported();

  /** Energy, either way, that signed updates have paid for. */
  MilliWattHours paid();

  /** Updates that both sides signed. */
  long increments();

  /** What the signed updates moved, net. */
  Amount amount();

  /** The most energy that was ever metered and not paid for. */
  MilliWattHours maxUnpaid();

  DemoOutcome outcome();

  UpdateTime updateTime();

  /** For people, such as {@code mosquitto 2.0.18 at tcp://127.0.0.1:40211}. */
  String transport();

  /** For people, such as {@code embedded}. */
  String chain();

  /** The name of the implementation. */
  String signer();

  /** The pile's store on disk at the end. */
  long storeBytes();

  /** All the energy that moved, either way. */
  default MilliWattHours energy() {
    return imported().plus(exported());
  }

  /**
   * Wall time from when the pile's claim is on the way to when the signatures that make the money
   * its own are on disk.
   *
   * @param median of all increments
   * @param p99 the time that 99 % of them did not exceed
   */
  record UpdateTime(Duration median, Duration p99) {}
}
