package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.units.WattHours;

/** What a listing says that a seller has to offer (P2-05). */
public record Offered(TradePrice price, WattHours energy, DeliveryWindow window) {}
