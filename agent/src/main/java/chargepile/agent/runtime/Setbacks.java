package chargepile.agent.runtime;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.Receipts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What failed in blocks is tried again ever more seldom, so that a node which says that a call
 * would succeed can't spend the account's coins on calls that fail. The outbox remembers it, so
 * that a restart changes nothing.
 */
final class Setbacks {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  private Setbacks() {}

  /**
   * @param tries all that was sent for the same, by nonce; none of them can be mined any more
   * @throws RejectedException when it is too early for the next
   */
  static void requirePause(List<OutboxEntry> tries, Receipts receipts, EvmNode node, Instant now) {
    Duration pause = Duration.ZERO;
    long last = 0;
    for (OutboxEntry tried : tries) {
      OptionalLong failed = failure(tried, receipts);
      if (failed.isPresent()) {
        last = failed.getAsLong();
        pause = pause.isZero() ? SHORTEST_PAUSE : longer(pause);
      } else {
        pause = Duration.ZERO; // it did what it was to do, once
      }
    }
    if (pause.isZero()) {
      return;
    }
    long block = last;
    Instant again = node.block(BlockRef.number(block)).map(EvmBlock::time).orElse(now).plus(pause);
    if (now.isBefore(again)) {
      throw new RejectedException(
          "it failed in block %d: the contract would not have it; tried again from %s on"
              .formatted(block, again));
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private static OptionalLong failure(OutboxEntry entry, Receipts receipts) {
    return entry
        .finish()
        .map(
            end ->
                switch (end) {
                  case OutboxEntry.Finish.Reverted failed -> OptionalLong.of(failed.block());
                  case OutboxEntry.Finish.Succeeded _,
                      OutboxEntry.Finish.Abandoned _,
                      OutboxEntry.Finish.Overtaken _ ->
                      OptionalLong.empty(); // nothing says that the contract would refuse it
                })
        .orElseGet(() -> entry.isAbandoned() ? OptionalLong.empty() : receipts.failure(entry));
  }
}
