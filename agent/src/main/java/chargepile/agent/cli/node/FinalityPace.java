package chargepile.agent.cli.node;

import chargepile.agent.config.EvmSettings;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmNode;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a chain takes until a block is final, measured against the challenge periods: what is
 * learned of the chain's end of a channel must be final before the next thing can happen to it.
 */
final class FinalityPace {
  private static final long SAMPLE = 1000;

  /** Of fewer blocks nothing is concluded: a chain that was just begun, or makes them on demand. */
  private static final long LEAST_SAMPLE = 100;

  private FinalityPace() {}

  /**
   * Why the configuration must be corrected; empty where all is well.
   *
   * @throws chargepile.agent.evm.EvmException when no node says it
   */
  static Optional<String> objection(EvmSettings settings, EvmNode node, EvmBlock head) {
    Duration least = settings.challengePeriod().least();
    return switch (settings.finality()) {
      case EvmSettings.Finality.Tag _ -> Optional.empty();
      case EvmSettings.Finality.Depth(int depth) -> {
        long blocks = Math.min(SAMPLE, head.number());
        if (blocks < LEAST_SAMPLE) {
          yield Optional.empty();
        }
        yield node.block(BlockRef.number(head.number() - blocks))
            .map(before -> Duration.between(before.time(), head.time()).dividedBy(blocks))
            .filter(pace -> pace.multipliedBy(depth - 1L).compareTo(least) >= 0)
            .map(pace -> words(pace, depth, least));
      }
    };
  }

  private static String words(Duration pace, int depth, Duration least) {
    return "evm.final_depth_blocks of %d take %d s on this chain, with a block every %d ms, and evm.minimum_challenge_period_s is %d: what happens to a channel would be final only after its challenge period. Lower the depth below %d, take finality = \"finalized\" where the chain knows it, or raise the period"
        .formatted(
            depth,
            pace.multipliedBy(depth - 1L).toSeconds(),
            pace.toMillis(),
            least.toSeconds(),
            least.dividedBy(pace) + 1);
  }
}
