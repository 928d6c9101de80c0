package chargepile.agent.evm.market;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;

/**
 * What the agency publishes for everybody to check its reviews with (P2-09, P2-10), and the fees
 * (P2-19). Prices are per kWh in the token's smallest unit.
 *
 * @param lead between review and delivery, at least
 * @param horizon between review and the end of the delivery, at most
 * @param mostTolerance of an order, in basis points
 * @param leastDefaultRate damages of an order per kWh, at least
 * @param leastEnergy of an order
 * @param leastWindow in which an order is delivered
 */
public record AgencyLimits(
    Duration lead,
    Duration horizon,
    Amount floor,
    Amount cap,
    RevenueSplit.Fees fees,
    int mostTolerance,
    Amount leastDefaultRate,
    WattHours leastEnergy,
    Duration leastWindow) {}
