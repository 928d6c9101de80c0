package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.units.MilliWattHours;

/**
 * An order on record, as a session is to keep to it (P2-11).
 *
 * @param left of its energy for a session that begins now or goes on, more than 0
 */
public record Sale(
    OrderKey order,
    Trader seller,
    Trader buyer,
    TradePrice price,
    MilliWattHours left,
    DeliveryWindow window) {}
