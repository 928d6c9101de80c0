package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainTip;
import java.time.Instant;

/** Whether a chain could be asked when that was last tried. */
sealed interface ChainStanding {
  /** It answers, and knows the chain up to this block. */
  record Ok(ChainTip tip) implements ChainStanding {}

  /**
   * It can't be asked.
   *
   * @param since when it was first found so
   * @param reason what is the matter now and what to do, for the operator
   */
  record Trouble(Instant since, String reason) implements ChainStanding {}
}
