/**
 * The transaction layer (P2-01): an order's life from request to settlement, with what both sides
 * have in escrow, what a default costs, listings, and energy of other kinds as electrical energy
 * (paper 2, §2.2 and §2.3.2; rows P2-02, P2-03, P2-05 to P2-12).
 *
 * <p>Imports units, the market above it and fr.acinq.bitcoin for a hash. Pure: deadlines come as
 * events; who may send an event and whose signature is good is decided before it comes here.
 */
@NullMarked
package chargepile.agent.market.order;

import org.jspecify.annotations.NullMarked;
