package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to happen on chain, once.
 *
 * @param key by which it is known: the same key never happens twice
 * @param purpose for people, in a few words
 * @param to empty: a contract is created
 * @param gasLimit empty: as the node estimates it, and a quarter more. What depends on a
 *     transaction that is not in a block yet can't be estimated and needs one
 * @param deadline by the chain's clock; shortly before it the urgent cap holds
 */
public record TransactionIntent(
    String key,
    String purpose,
    Optional<EvmAddress> to,
    ByteVector data,
    Wei value,
    OptionalLong gasLimit,
    Optional<Instant> deadline) {
  public TransactionIntent {
    if (key.isBlank()) {
      throw new IllegalArgumentException("a transaction needs a key");
    }
    if (gasLimit.isPresent() && gasLimit.getAsLong() <= 0) {
      throw new IllegalArgumentException("a gas limit of " + gasLimit.getAsLong());
    }
  }

  /** A call of a contract. */
  public static TransactionIntent call(
      String key, String purpose, EvmAddress contract, ByteVector data) {
    return new TransactionIntent(
        key,
        purpose,
        Optional.of(contract),
        data,
        Wei.ZERO,
        OptionalLong.empty(),
        Optional.empty());
  }

  /** Deadlines of the same thing may be told anew. */
  boolean isSameAs(TransactionIntent other) {
    return to.equals(other.to) && data.equals(other.data) && value.equals(other.value);
  }

  /** The same under another key. */
  public TransactionIntent named(String other) {
    return new TransactionIntent(other, purpose, to, data, value, gasLimit, deadline);
  }

  public TransactionIntent withGasLimit(long limit) {
    return new TransactionIntent(key, purpose, to, data, value, OptionalLong.of(limit), deadline);
  }

  public TransactionIntent withDeadline(Instant latest) {
    return new TransactionIntent(key, purpose, to, data, value, gasLimit, Optional.of(latest));
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(purpose, key);
  }
}
