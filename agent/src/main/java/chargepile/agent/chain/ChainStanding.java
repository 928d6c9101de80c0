package chargepile.agent.chain;

import java.time.Instant;

/** Whether a chain could be asked when that was last tried. */
public sealed interface ChainStanding {
  /** It answers, and knows the chain up to this block. */
  record Ok(ChainTip tip) implements ChainStanding {}

  /**
   * It can't be asked; {@link Chain#view} throws.
   *
   * @param since when it was first found so
   * @param reason what is the matter now and what to do, for the operator
   */
  record Trouble(Instant since, String reason) implements ChainStanding {}
}
