/**
 * The blockchain layer (P2-01): the client of an EVM chain: JSON-RPC over one or two nodes,
 * EIP-1559 transactions that survive restarts and reorganisations, logs followed up to finality,
 * and the contracts with typed calls.
 *
 * <p>Imports units, json, crypto and voucher; knows nothing of sessions, MQTT, the store or the
 * Bitcoin chain.
 */
@NullMarked
package chargepile.agent.evm;

import org.jspecify.annotations.NullMarked;
