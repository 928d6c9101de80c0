package chargepile.agent.evm.market;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;

/**
 * A listing as the contract has it (P2-05).
 *
 * @param open what is not promised yet
 * @param version that is offered now
 * @param book the order book that may take from it
 * @param withdrawn nothing more is sold of it
 */
public record OfferedListing(
    ListingVersion version,
    EvmAddress seller,
    EvmAddress book,
    TradePrice price,
    WattHours open,
    DeliveryWindow window,
    EnergyType type,
    boolean withdrawn) {}
