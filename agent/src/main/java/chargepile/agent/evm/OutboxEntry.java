package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A transaction that was decided on: what it is to do, and all that was signed for it.
 *
 * @param gasLimit of every attempt
 * @param attempts the first and its replacements, at least one; all have the same nonce
 * @param finish empty while it is under way
 */
public record OutboxEntry(
    TransactionIntent intent,
    long chainId,
    EvmAddress from,
    long nonce,
    long gasLimit,
    List<Attempt> attempts,
    Optional<Finish> finish) {
  public OutboxEntry {
    attempts = List.copyOf(attempts);
    if (attempts.isEmpty() || nonce < 0 || gasLimit <= 0) {
      throw new IllegalArgumentException(
          "%d attempts, nonce %d, gas limit %d".formatted(attempts.size(), nonce, gasLimit));
    }
  }

  /**
   * A signed transaction.
   *
   * @param after the number of the head when it was signed
   * @param does whether it does what was decided, or nothing but use up the nonce
   */
  public record Attempt(FeeBid bid, ByteVector raw, ByteVector32 hash, long after, boolean does) {}

  /** What became of it, at a final block. */
  public sealed interface Finish {
    long block();

    ByteVector32 blockHash();

    /** It did what it was to do. */
    record Succeeded(
        ByteVector32 transaction, long block, ByteVector32 blockHash, Optional<EvmAddress> contract)
        implements Finish {}

    /**
     * It is in a block, was paid for, and changed nothing.
     *
     * @param reason the contract's words
     */
    record Reverted(ByteVector32 transaction, long block, ByteVector32 blockHash, String reason)
        implements Finish {}

    /**
     * It was given up in time: another transaction of our own, which does nothing, has its nonce.
     */
    record Abandoned(ByteVector32 transaction, long block, ByteVector32 blockHash)
        implements Finish {}

    /**
     * Another transaction of the account, from elsewhere, has its nonce: it can never happen.
     *
     * @param block by which that is so
     */
    record Overtaken(long block, ByteVector32 blockHash) implements Finish {}
  }

  Attempt last() {
    return attempts.getLast();
  }

  /** What a balance pays for each unit of its gas. */
  Wei affordable(Wei balance) {
    return affordable(balance, intent.value(), gasLimit);
  }

  /** What a balance pays for each unit of gas beside a payment. */
  static Wei affordable(Wei balance, Wei payment, long gasLimit) {
    return new Wei(
        balance
            .value()
            .subtract(payment.value())
            .max(BigInteger.ZERO)
            .divide(BigInteger.valueOf(gasLimit)));
  }

  /** Whether it was given up; it may happen all the same. */
  public boolean isAbandoned() {
    return !last().does();
  }

  /** Whether a transaction is one that does what was decided. */
  boolean isDoneBy(ByteVector32 transaction) {
    return attempts.stream()
        .anyMatch(attempt -> attempt.does() && attempt.hash().equals(transaction));
  }

  OutboxEntry with(Attempt attempt) {
    return new OutboxEntry(
        intent,
        chainId,
        from,
        nonce,
        gasLimit,
        Stream.concat(attempts.stream(), Stream.of(attempt)).toList(),
        finish);
  }

  OutboxEntry with(TransactionIntent changed) {
    return new OutboxEntry(changed, chainId, from, nonce, gasLimit, attempts, finish);
  }

  OutboxEntry finished(Finish end) {
    return new OutboxEntry(intent, chainId, from, nonce, gasLimit, attempts, Optional.of(end));
  }

  OutboxEntry reopened() {
    return new OutboxEntry(intent, chainId, from, nonce, gasLimit, attempts, Optional.empty());
  }

  @Override
  public String toString() {
    return "%s, nonce %d of %s".formatted(intent, nonce, from);
  }
}
