package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.util.List;

/**
 * What happened in a demo.
 *
 * @param charged virtual time from closing the contactor to opening it for good
 * @param imported energy into the car, as metered
 * @param exported energy out of the car, as metered
 * @param paid energy, either way, that signed updates have paid for
 * @param increments updates that both sides signed
 * @param amount what the signed updates moved, net
 * @param maxUnpaid the most energy that was ever metered and not paid for
 * @param commitments the highest commitment number of the pile's
 * @param settlement the transactions that spend the funding output and what comes of it, in the
 *     order of their confirmation
 * @param pileReceived what came to the pile's wallet from the channel
 * @param driverReceived what came to the driver's wallet from the channel
 * @param fees all the rest: to miners, and anchors and dust that nobody claims
 * @param transport for people, such as {@code mosquitto 2.0.18 at tcp://127.0.0.1:40211}
 * @param chain for people, such as {@code embedded}
 * @param signer the name of the implementation
 * @param storeBytes the pile's store on disk at the end
 */
public record DemoResult(
    Duration charged,
    MilliWattHours imported,
    MilliWattHours exported,
    MilliWattHours paid,
    long increments,
    Amount amount,
    MilliWattHours maxUnpaid,
    long commitments,
    DemoOutcome outcome,
    TxId funding,
    List<TxId> settlement,
    Satoshi pileReceived,
    Satoshi driverReceived,
    Satoshi fees,
    Satoshi capacity,
    UpdateTime updateTime,
    String transport,
    String chain,
    String signer,
    long storeBytes) {

  /**
   * Wall time from when the pile's claim is on the way to when the signatures that make the money
   * its own are on disk.
   *
   * @param median of all increments
   * @param p99 the time that 99 % of them did not exceed
   */
  public record UpdateTime(Duration median, Duration p99) {}

  /**
   * @throws IllegalArgumentException when money appeared or vanished
   */
  public DemoResult {
    settlement = List.copyOf(settlement);
    Satoshi sum = pileReceived.plus(driverReceived).plus(fees);
    if (!sum.equals(capacity)) {
      throw new IllegalArgumentException(
          "the sums do not add up: pile %d + driver %d + fees %d = %d sat, but the channel held %d"
              .formatted(
                  pileReceived.value(),
                  driverReceived.value(),
                  fees.value(),
                  sum.value(),
                  capacity.value()));
    }
  }

  /** All the energy that moved, either way. */
  MilliWattHours energy() {
    return imported.plus(exported);
  }
}
