package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import org.tinylog.Logger;

/** Tries transactions without sending them: what they need, and why they are refused. */
final class Rehearsal {
  /** What changes between the estimate and the block seldom costs more. */
  private static final long ESTIMATE_MARGIN = 4;

  /** No transaction may have more (EIP-7825). */
  private static final long MOST_GAS = 1 << 24;

  /** More than chains that charge for a transaction's bytes in gas have been seen to want. */
  private static final long MOST_TIMES = 8;

  private final EvmNode node;
  private final EvmAddress account;
  private final Reverts reverts;

  Rehearsal(EvmNode node, EvmAddress account, Reverts reverts) {
    this.node = node;
    this.account = account;
    this.reverts = reverts;
  }

  /**
   * As decided, or as the node estimates it.
   *
   * @throws RevertedException when the contract would refuse it
   */
  long gasLimit(TransactionIntent intent) {
    if (intent.gasLimit().isPresent()) {
      return intent.gasLimit().getAsLong();
    }
    return estimated(intent);
  }

  private long estimated(TransactionIntent intent) {
    long estimate;
    try {
      estimate = node.estimateGas(call(intent));
    } catch (RefusedByNodeException e) {
      if (!e.isRevert()) {
        throw e;
      }
      String reason = reverts.words(e.revertData());
      throw new RevertedException(
          "%s would be refused by the contract: %s".formatted(intent, reason), reason, e);
    }
    if (estimate > MOST_GAS) {
      throw new EvmException(
          "%s says that %s needs %d gas, and no transaction may have more than %d"
              .formatted(node, intent, estimate, MOST_GAS));
    }
    return Math.min(MOST_GAS, estimate + estimate / ESTIMATE_MARGIN);
  }

  /**
   * Its own limit is the least, where it has one. What a node says raises it, and not by much: for
   * what is not used nobody pays, but the account must have it.
   */
  TransactionIntent tried(TransactionIntent intent) {
    if (intent.gasLimit().isEmpty()) {
      return intent.withGasLimit(estimated(intent));
    }
    return clamped(intent, intent.gasLimit().getAsLong());
  }

  /** The same without the least, for who can't pay for that. */
  TransactionIntent lean(TransactionIntent intent) {
    return intent.gasLimit().isEmpty() ? tried(intent) : clamped(intent, 1);
  }

  private TransactionIntent clamped(TransactionIntent intent, long least) {
    long own = intent.gasLimit().orElseThrow();
    try {
      return intent.withGasLimit(Math.clamp(estimated(intent), least, MOST_TIMES * own));
    } catch (RevertedException | UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      Logger.debug("{} keeps its gas limit of {}: {}", intent, own, e.getMessage());
      return intent;
    }
  }

  private EvmCall call(TransactionIntent intent) {
    return new EvmCall(account, intent.to(), intent.data(), intent.value());
  }

  /** The words of a refusal are in no receipt: the call is tried again where it was made. */
  String reason(OutboxEntry entry, EvmReceipt receipt) {
    if (receipt.gasUsed() >= entry.gasLimit()) {
      return "it used up its gas limit of " + entry.gasLimit();
    }
    try {
      var unused = node.call(call(entry.intent()), BlockRef.number(receipt.block() - 1));
      return "refused in its block, though not in the state before it";
    } catch (RefusedByNodeException e) {
      return e.isRevert() ? reverts.words(e.revertData()) : e.reason();
    } catch (EvmException e) {
      return "no node says why: " + e.getMessage();
    }
  }
}
