package chargepile.agent.market.order;

import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.Trader;

/**
 * Who besides the seller has a part of what an order earns (P2-19).
 *
 * @param grid who runs the grid
 * @param agency who reviews the order
 */
public record Charges(Fees fees, Trader grid, Trader agency) {}
