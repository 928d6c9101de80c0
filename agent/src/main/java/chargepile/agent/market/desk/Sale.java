package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.MilliWattHours;
import java.nio.ByteBuffer;

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
    DeliveryWindow window) {
  /**
   * Names the order in the terms of a session, 0 or more: 63 bits of the hash are enough to tell
   * the orders of one buyer and one seller apart.
   */
  public static long tag(OrderKey order) {
    return ByteBuffer.wrap(order.value().toByteArray()).getLong() & Long.MAX_VALUE;
  }
}
