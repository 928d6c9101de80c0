package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.WattHours;
import java.time.Instant;

/**
 * A match that was announced (P1-04), be there an order of it or not.
 *
 * @param at when it was announced
 */
public record MatchView(
    MatchedQuotes pairing,
    long cycle,
    Instant at,
    Trader seller,
    Trader buyer,
    TradePrice price,
    WattHours energy) {}
