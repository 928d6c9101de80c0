package chargepile.agent.evm;

import chargepile.agent.evm.OutboxEntry.Attempt;
import java.util.Comparator;
import java.util.List;
import org.tinylog.Logger;

/** Gives signed transactions to a node, and says what its answer means. */
final class Handover {
  private final EvmNode node;

  Handover(EvmNode node) {
    this.node = node;
  }

  /**
   * Hands over the last attempt; again does no harm. Where the account can't pay for it, the
   * dearest that it can pay for goes out too: the pools may have dropped that.
   */
  TransactionStatus of(OutboxEntry entry) {
    try {
      return sent(entry.last(), "it was handed over");
    } catch (RefusedByNodeException e) {
      return isUnpaid(e) ? cheaper(entry, e) : refused(e);
    }
  }

  /**
   * Waits also where no node answers.
   *
   * @throws RefusedByNodeException when none takes it
   */
  private TransactionStatus sent(Attempt attempt, String what) {
    try {
      var unused = node.send(attempt.raw());
      return new TransactionStatus.Waiting(what);
    } catch (RefusedByNodeException e) {
      throw e;
    } catch (EvmException e) {
      return new TransactionStatus.Waiting("it is handed over again: " + e.getMessage());
    }
  }

  private TransactionStatus cheaper(OutboxEntry entry, RefusedByNodeException unpaid) {
    for (Attempt attempt : payable(entry)) {
      try {
        return sent(
            attempt,
            "%s can't pay for its dearest form, so that it waits with at most %s for a unit of gas"
                .formatted(entry.from(), attempt.bid()));
      } catch (RefusedByNodeException e) {
        if (!isUnpaid(e)) {
          return refused(e);
        }
      }
    }
    return new TransactionStatus.Stuck(
        "%s can't pay for it: send coins of the chain %d there (%s)"
            .formatted(entry.from(), entry.chainId(), unpaid.reason()));
  }

  /** The dearest first; what was given up is not done again. */
  private List<Attempt> payable(OutboxEntry entry) {
    List<Attempt> cheaper =
        entry.attempts().reversed().stream()
            .skip(1)
            .filter(attempt -> attempt.does() == entry.last().does())
            .sorted(Comparator.comparing((Attempt attempt) -> attempt.bid().max()).reversed())
            .toList();
    if (cheaper.isEmpty() || entry.isAbandoned()) {
      return cheaper;
    }
    try {
      Wei most = entry.affordable(node.balance(entry.from(), BlockRef.LATEST));
      return cheaper.stream().filter(attempt -> attempt.bid().max().compareTo(most) <= 0).toList();
    } catch (EvmException e) {
      Logger.debug("all forms of {} are tried: {}", entry, e.getMessage());
      return cheaper;
    }
  }

  private static boolean isUnpaid(RefusedByNodeException e) {
    return e.says("insufficient funds");
  }

  private static TransactionStatus refused(RefusedByNodeException e) {
    if (e.says("nonce too low", "oldnonce", "old nonce")) {
      return new TransactionStatus.Waiting("its nonce is used up: it is looked for");
    }
    if (e.says("underpriced")) {
      return new TransactionStatus.Waiting("a pool has a dearer one: its fee is raised");
    }
    return new TransactionStatus.Stuck(String.valueOf(e.getMessage()));
  }
}
