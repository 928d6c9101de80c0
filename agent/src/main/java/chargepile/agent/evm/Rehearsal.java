package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;

/** Tries transactions without sending them: what they need, and why they are refused. */
final class Rehearsal {
  /** What changes between the estimate and the block seldom costs more. */
  private static final long ESTIMATE_MARGIN = 4;

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
    try {
      long estimate = node.estimateGas(call(intent));
      return Math.addExact(estimate, estimate / ESTIMATE_MARGIN);
    } catch (RefusedByNodeException e) {
      if (!e.isRevert()) {
        throw e;
      }
      String reason = reverts.words(e.revertData());
      throw new RevertedException(
          "%s would be refused by the contract: %s".formatted(intent, reason), reason, e);
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
