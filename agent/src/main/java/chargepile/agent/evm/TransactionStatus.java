package chargepile.agent.evm;

/** How a decided transaction stands. */
public sealed interface TransactionStatus {
  /** It is on its way. */
  record Waiting(String why) implements TransactionStatus {}

  /** It goes on by itself once somebody has done what {@code why} asks for. */
  record Stuck(String why) implements TransactionStatus {}

  /**
   * It is in a block that may still be replaced.
   *
   * @param depth 1 in the head
   */
  record Mined(EvmReceipt receipt, long depth) implements TransactionStatus {}

  /** It is final. */
  record Finished(OutboxEntry.Finish finish) implements TransactionStatus {}
}
