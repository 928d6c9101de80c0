package chargepile.agent.channel;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Outputs that are this side's to take with one transaction, which pays its fee from them.
 *
 * @param value of all of them
 * @param ripe whether the next block may hold the transaction
 * @param window until somebody else may take them; empty when nobody ever can
 * @param at the transaction at a feerate; empty when that leaves nothing
 */
record Claim(
    List<OutPoint> outputs,
    Satoshi value,
    boolean ripe,
    Optional<FeeLadder.Window> window,
    Function<Feerate, Optional<Transaction>> at,
    String purpose) {
  Claim {
    outputs = List.copyOf(outputs);
  }

  /** Whether it is worth the lowest fee there is. */
  boolean isWorthwhile() {
    return at.apply(Feerate.MINIMUM_RELAY).isPresent();
  }
}
