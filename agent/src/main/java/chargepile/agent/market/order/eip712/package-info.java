/**
 * What the parties of an order and its meter sign for the order book's contract, as EIP-712 typed
 * data, and an order's terms in the form that the contract knows them in.
 *
 * <p>Imports units, crypto, the market and its orders. Pure; knows nothing of nodes or
 * transactions.
 */
@NullMarked
package chargepile.agent.market.order.eip712;

import org.jspecify.annotations.NullMarked;
