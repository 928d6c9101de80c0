package chargepile.agent.evm;

import java.util.List;

/**
 * What the last blocks cost.
 *
 * @param nextBaseFee of the block after the last one
 * @param tips what a unit of gas paid above the base fee at the asked percentile, a block each
 */
public record FeeHistory(Wei nextBaseFee, List<Wei> tips) {
  public FeeHistory {
    tips = List.copyOf(tips);
  }

  /** The median of the tips; zero where no block had a transaction. */
  Wei usualTip() {
    return tips.isEmpty() ? Wei.ZERO : tips.stream().sorted().toList().get(tips.size() / 2);
  }
}
