package chargepile.agent.evm.market;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What a listing says (P2-05).
 *
 * @param price per kWh
 * @param energy electrical, 1 Wh to a terawatt-hour
 * @param window within which it can be delivered
 * @param metadata hash of what else there is to say
 */
public record Offer(
    TradePrice price, WattHours energy, DeliveryWindow window, ByteVector32 metadata) {}
