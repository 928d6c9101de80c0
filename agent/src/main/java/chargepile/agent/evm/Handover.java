package chargepile.agent.evm;

/** Gives signed transactions to a node, and says what its answer means. */
final class Handover {
  private final EvmNode node;

  Handover(EvmNode node) {
    this.node = node;
  }

  /** Hands over the last attempt; again does no harm. */
  TransactionStatus of(OutboxEntry entry) {
    try {
      var unused = node.send(entry.last().raw());
      return new TransactionStatus.Waiting("it was handed over");
    } catch (RefusedByNodeException e) {
      return refused(entry, e);
    } catch (EvmException e) {
      return new TransactionStatus.Waiting("it is handed over again: " + e.getMessage());
    }
  }

  private static TransactionStatus refused(OutboxEntry entry, RefusedByNodeException e) {
    if (e.says("nonce too low", "oldnonce", "old nonce")) {
      return new TransactionStatus.Waiting("its nonce is used up: it is looked for");
    }
    if (e.says("underpriced")) {
      return new TransactionStatus.Waiting("a pool has a dearer one: its fee is raised");
    }
    if (e.says("insufficient funds")) {
      return new TransactionStatus.Stuck(
          "%s can't pay for it: send coins of the chain %d there (%s)"
              .formatted(entry.from(), entry.chainId(), e.reason()));
    }
    return new TransactionStatus.Stuck(String.valueOf(e.getMessage()));
  }
}
