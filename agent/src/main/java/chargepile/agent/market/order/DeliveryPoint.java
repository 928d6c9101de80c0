package chargepile.agent.market.order;

import chargepile.agent.units.Direction;

/**
 * Where an order's energy passes into or out of the grid.
 *
 * @param pile through which it passes: of the party that meters, see {@link OrderTerms#meteredBy()}
 * @param direction {@code IMPORT} loads the feeder, {@code EXPORT} (V2G) feeds it
 */
public record DeliveryPoint(FeederId feeder, PileId pile, Direction direction) {}
