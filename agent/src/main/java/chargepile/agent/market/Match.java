package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * A line of an announced match list (P1-04): a claim, to be verified with {@link MatchList}.
 *
 * @param askPrice OSR, the selling price per kWh: that of the lowest ask, which trades
 * @param bidPrice OBR, the buying price per kWh: that of the highest bid
 * @param price P_fin, as a contract stores it: doubled
 */
public record Match(
    QuoteId ask,
    QuoteId bid,
    Amount askPrice,
    Amount bidPrice,
    TradePrice price,
    WattHours energy) {}
