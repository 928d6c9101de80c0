package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.util.List;

/**
 * What happened in a demo on Bitcoin.
 *
 * @param commitments the highest commitment number of the pile's
 * @param settlement the transactions that spend the funding output and what comes of it, in the
 *     order of their confirmation
 * @param pileReceived what came to the pile's wallet from the channel
 * @param driverReceived what came to the driver's wallet from the channel
 * @param fees all the rest: to miners, and anchors and dust that nobody claims
 */
record BitcoinDemoResult(
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
    long storeBytes)
    implements DemoResult {

  /**
   * @throws IllegalArgumentException when money appeared or vanished
   */
  BitcoinDemoResult {
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
}
