package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import java.util.List;
import java.util.Optional;
import org.tinylog.Logger;

/**
 * How many transactions of an account the chain has, also where the nodes contradict each other.
 */
final class Nonces {
  private final EvmNode node;
  private final EvmAddress account;

  Nonces(EvmNode node, EvmAddress account) {
    this.node = node;
    this.account = account;
  }

  /**
   * Behind all that was ever decided on, and behind what the chain has.
   *
   * @throws EvmException when nothing was ever decided on and no node says it
   */
  long next(List<OutboxEntry> entries) {
    long decided = entries.stream().mapToLong(entry -> entry.nonce() + 1).max().orElse(-1);
    try {
      return Math.max(decided, node.nonce(account, BlockRef.LATEST));
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      return decided < 0 ? least(e) : decided;
    }
  }

  /**
   * The first that the chain does not have. Where the nodes contradict each other, the lower one:
   * what is taken for waiting though it is in a block is found there all the same.
   *
   * @throws EvmException when no node says it
   */
  long first() {
    try {
      return node.nonce(account, BlockRef.LATEST);
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      return least(e);
    }
  }

  /**
   * One that names too high a number would let a transaction wait for ever; one that is too low is
   * found out.
   */
  private long least(EvmException dispute) {
    return node.witnesses().stream()
        .flatMap(witness -> of(witness).stream())
        .min(Long::compare)
        .orElseThrow(() -> dispute);
  }

  private Optional<Long> of(EvmNode witness) {
    try {
      return Optional.of(witness.nonce(account, BlockRef.LATEST));
    } catch (EvmException e) {
      Logger.debug("{} names no nonce: {}", witness, e.getMessage());
      return Optional.empty();
    }
  }
}
