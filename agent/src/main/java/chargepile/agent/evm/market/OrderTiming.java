package chargepile.agent.evm.market;

import java.time.Duration;

/**
 * How long each stage of an order may take, fixed when the contract was made.
 *
 * @param receipts from the end of the delivery: until then the buyer can show what it has paid
 * @param evidence from the end of the delivery: until then the order can be settled
 */
public record OrderTiming(
    Duration confirmation,
    Duration signatures,
    Duration review,
    Duration record,
    Duration receipts,
    Duration evidence) {}
