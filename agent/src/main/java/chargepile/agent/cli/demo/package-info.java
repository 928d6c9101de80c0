/**
 * {@code chargepile demo}: a whole charging session in one process, its options, its progress line
 * and its summary; on Bitcoin, or with a market on an EVM chain.
 *
 * <p>Imports what it composes. The pile and the driver that it starts share nothing but the broker
 * and the chain.
 */
@NullMarked
package chargepile.agent.cli.demo;

import org.jspecify.annotations.NullMarked;
