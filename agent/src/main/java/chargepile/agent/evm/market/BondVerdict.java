package chargepile.agent.evm.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/**
 * A verdict by which a party loses something of its bond, if it becomes final (P1-11).
 *
 * @param payee the harmed party's owner
 * @param deadline of the stage, by the chain's clock
 * @param suspends whether the accused takes on nothing new meanwhile
 * @param amount that is at stake
 * @param evidence hash of what shows it
 */
public record BondVerdict(
    EvmAddress payee,
    Instant deadline,
    Stage stage,
    boolean suspends,
    Amount amount,
    ByteVector32 evidence) {
  /** How far it is; in the contract's order. */
  public enum Stage {
    /** The accused may appeal until the deadline; then it is final. */
    OPEN,
    /** The court may rule until the deadline; then it has lapsed. */
    APPEALED,
    /** Final. */
    UPHELD
  }

  /** Whether it can be carried out, or ended, at a time. */
  public boolean isDue(Instant now) {
    return stage == Stage.UPHELD || !now.isBefore(deadline);
  }
}
