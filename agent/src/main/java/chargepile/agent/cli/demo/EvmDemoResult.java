package chargepile.agent.cli.demo;

import chargepile.agent.evm.market.SettlementEntry;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.units.WattHours;
import java.time.Duration;

/**
 * What happened in a demo on an EVM chain; amounts are the token's base units.
 *
 * @param bond that the pile locked
 * @param order that was matched, reviewed and settled
 * @param ordered its energy
 * @param price of a kilowatt-hour in it, doubled: exact to half a unit
 * @param settlement how the order's escrow was shared out
 * @param certificate what the settlement log says of the session's certificate
 * @param vouchers that the payer signed
 * @param deposit what the channel held
 * @param pileReceived what the contract paid to the pile out of the channel
 * @param driverReceived what it paid back to the driver
 * @param gas what registration, market and the demo itself used; not what the nodes sent
 */
record EvmDemoResult(
    Duration charged,
    MilliWattHours imported,
    MilliWattHours exported,
    MilliWattHours paid,
    long increments,
    Amount amount,
    MilliWattHours maxUnpaid,
    DemoOutcome outcome,
    UpdateTime updateTime,
    String transport,
    String chain,
    String signer,
    long storeBytes,
    EvmAddress registry,
    Amount bond,
    OrderKey order,
    WattHours ordered,
    TradePrice price,
    Settlement settlement,
    SettlementEntry.Status certificate,
    VoucherChannelId channel,
    long vouchers,
    Amount deposit,
    Amount pileReceived,
    Amount driverReceived,
    long gas)
    implements DemoResult {

  /**
   * @throws IllegalArgumentException when money appeared or vanished
   */
  EvmDemoResult {
    if (!pileReceived.plus(driverReceived).equals(deposit)) {
      throw new IllegalArgumentException(
          "the sums do not add up: pile %d + driver %d units, but the channel held %d"
              .formatted(pileReceived.value(), driverReceived.value(), deposit.value()));
    }
  }
}
