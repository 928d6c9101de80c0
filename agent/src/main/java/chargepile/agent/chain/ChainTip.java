package chargepile.agent.chain;

import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.BlockId;
import java.time.Instant;

/**
 * The last block of the best chain.
 *
 * @param time what the block says of when it was mined; nodes allow two hours of error
 */
public record ChainTip(BlockHeight height, BlockHash hash, Instant time) {
  @Override
  public String toString() {
    return "block %d (%s)".formatted(height.value(), display(hash));
  }

  /** As nodes and explorers write it. */
  public static String display(BlockHash hash) {
    return new BlockId(hash).value.toHex();
  }
}
