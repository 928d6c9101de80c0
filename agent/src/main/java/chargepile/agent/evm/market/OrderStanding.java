package chargepile.agent.evm.market;

import chargepile.agent.market.order.Escrow;
import chargepile.agent.units.Amount;
import java.time.Instant;
import java.util.Optional;

/**
 * An order as the contract has it.
 *
 * @param deadline the last second in which what it waits for can happen; empty when it is over
 * @param paid what the seller has acknowledged as paid in a channel
 */
public record OrderStanding(
    OrderStatus status,
    boolean buyerSigned,
    boolean sellerSigned,
    Optional<Instant> deadline,
    Escrow escrow,
    Amount paid) {}
