package chargepile.agent.market;

import chargepile.agent.units.WattHours;

/**
 * A line of an announced match list (P1-04): a claim, to be verified with {@link MatchList}.
 *
 * @param price P_fin, as a contract stores it: doubled
 */
public record Match(QuoteId ask, QuoteId bid, TradePrice price, WattHours energy) {}
