package chargepile.agent.evm;

import chargepile.agent.evm.OutboxEntry.Attempt;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tinylog.Logger;

/** Signs attempts at what the chain wants to be paid, and keeps them before anybody sees them. */
final class Bidding {
  private static final int FEE_BLOCKS = 5;
  private static final long PAYMENT_GAS = 21_000;

  /** Some chains charge for a transaction's bytes in gas; more than this none has been seen to. */
  private static final long MOST_PAYMENT_GAS = 1_000_000;

  private final EvmNode node;
  private final EvmKey key;
  private final EvmOutbox outbox;
  private final FeePolicy fees;

  Bidding(EvmNode node, EvmKey key, EvmOutbox outbox, FeePolicy fees) {
    this.node = node;
    this.key = key;
    this.outbox = outbox;
    this.fees = fees;
  }

  FeeHistory history() {
    return node.feeHistory(FEE_BLOCKS);
  }

  /**
   * What a transaction begins with, signed and not kept yet: no dearer than the account can pay,
   * for no node would take it.
   *
   * @param head empty while nobody says what it is: then every deadline is near
   */
  OutboxEntry first(TransactionIntent intent, long nonce, long gasLimit, Optional<EvmBlock> head) {
    Wei purse =
        balance()
            .map(held -> OutboxEntry.affordable(held, intent.value(), gasLimit))
            .orElse(fees.urgentCap());
    FeeBid bid = fees.first(history(), isUrgent(intent, head), purse);
    Eip1559Transaction transaction =
        new Eip1559Transaction(
            node.chainId(),
            nonce,
            bid.tip(),
            bid.max(),
            gasLimit,
            intent.to(),
            intent.value(),
            intent.data());
    Attempt attempt = attempt(transaction, bid, head.map(EvmBlock::number).orElse(0L), true);
    return new OutboxEntry(
        intent, node.chainId(), key.address(), nonce, gasLimit, List.of(attempt), Optional.empty());
  }

  /** Empty where no node says it, or they contradict each other: then there is no bound. */
  private Optional<Wei> balance() {
    try {
      return Optional.of(node.balance(key.address(), BlockRef.LATEST));
    } catch (EvmException e) {
      Logger.debug("what {} can pay is not known: {}", key.address(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * What an intent is first sent at.
   *
   * @param head as above
   */
  FeeBid firstBid(TransactionIntent intent, Optional<EvmBlock> head) {
    return fees.first(history(), isUrgent(intent, head));
  }

  private boolean isUrgent(TransactionIntent intent, Optional<EvmBlock> head) {
    return head.map(block -> fees.isUrgent(intent, block.time()))
        .orElse(intent.deadline().isPresent());
  }

  /**
   * What the account pays for each unit of a transaction's gas: as much as for those behind it that
   * have a deadline, so that it leaves them theirs. No bound for one that was given up, which needs
   * little.
   *
   * @param behind what is open, by nonce
   */
  Wei purse(OutboxEntry entry, List<OutboxEntry> behind) {
    return balance()
        .filter(_ -> !entry.isAbandoned())
        .map(held -> shared(entry, behind, held))
        .orElse(fees.urgentCap());
  }

  private static Wei shared(OutboxEntry entry, List<OutboxEntry> behind, Wei held) {
    BigInteger gas = BigInteger.valueOf(entry.gasLimit());
    BigInteger left = held.value().subtract(entry.intent().value().value());
    for (OutboxEntry other : behind) {
      if (other.nonce() > entry.nonce() && other.intent().deadline().isPresent()) {
        gas = gas.add(BigInteger.valueOf(other.gasLimit()));
        left = left.subtract(other.intent().value().value());
      }
    }
    return new Wei(left.max(BigInteger.ZERO).divide(gas));
  }

  /** Why the next block can't be paid; empty: it can. */
  Optional<TransactionStatus> excess(OutboxEntry entry, Wei baseFee, boolean urgent, Wei purse) {
    if (baseFee.compareTo(fees.cap(urgent)) > 0) {
      return Optional.of(
          new TransactionStatus.Stuck(
              "the base fee is %s and at most %s may be paid: raise that, or wait"
                  .formatted(baseFee, fees.cap(urgent))));
    }
    return baseFee.compareTo(purse) > 0
        ? Optional.of(
            new TransactionStatus.Stuck(
                "the base fee is %s and %s can't pay for it beyond %s: send coins of the chain %d there"
                    .formatted(baseFee, entry.from(), purse, entry.chainId())))
        : Optional.empty();
  }

  /**
   * Instead of attempts that no node takes because the account can't pay for any: one that it can.
   *
   * @return empty where one of them can be paid, or none for the next block
   */
  Optional<FeeBid> lowered(OutboxEntry entry, FeeHistory history, boolean urgent, Wei purse) {
    FeeBid least =
        entry.attempts().stream()
            .filter(attempt -> attempt.does() == entry.last().does())
            .map(Attempt::bid)
            .min(Comparator.comparing(FeeBid::max))
            .orElseThrow();
    return fees.lowered(least, history, urgent, purse);
  }

  /** With another attempt, which does what the last one does, and is kept. */
  OutboxEntry raised(OutboxEntry entry, FeeBid bid, long after) {
    return entry.isAbandoned() ? nothing(entry, bid, after) : again(entry, bid, after);
  }

  private OutboxEntry again(OutboxEntry entry, FeeBid bid, long after) {
    TransactionIntent intent = entry.intent();
    Eip1559Transaction transaction =
        new Eip1559Transaction(
            entry.chainId(),
            entry.nonce(),
            bid.tip(),
            bid.max(),
            entry.gasLimit(),
            intent.to(),
            intent.value(),
            intent.data());
    return kept(entry.with(attempt(transaction, bid, after, true)));
  }

  /** With an attempt that uses up the nonce for nothing: a payment of zero to oneself. */
  OutboxEntry nothing(OutboxEntry entry, FeeBid bid, long after) {
    Eip1559Transaction transaction =
        new Eip1559Transaction(
            entry.chainId(),
            entry.nonce(),
            bid.tip(),
            bid.max(),
            paymentGas(),
            Optional.of(key.address()),
            Wei.ZERO,
            ByteVector.empty);
    return kept(entry.with(attempt(transaction, bid, after, false)));
  }

  private long paymentGas() {
    EvmCall nothing =
        new EvmCall(key.address(), Optional.of(key.address()), ByteVector.empty, Wei.ZERO);
    try {
      long estimate = Math.min(MOST_PAYMENT_GAS, node.estimateGas(nothing));
      return Math.clamp(estimate + estimate / 4, PAYMENT_GAS, MOST_PAYMENT_GAS);
    } catch (EvmException e) {
      Logger.debug("a payment is taken to need {} gas: {}", PAYMENT_GAS, e.getMessage());
      return PAYMENT_GAS;
    }
  }

  /** With another deadline, if there is one, and kept. */
  OutboxEntry due(OutboxEntry entry, Optional<Instant> deadline) {
    if (deadline.isEmpty() || deadline.equals(entry.intent().deadline())) {
      return entry;
    }
    return kept(entry.with(entry.intent().withDeadline(deadline.get())));
  }

  OutboxEntry kept(OutboxEntry entry) {
    outbox.save(entry);
    return entry;
  }

  /** Raised where it is too cheap for the next block, and where that can be told. */
  OutboxEntry affordable(OutboxEntry entry, boolean urgent) {
    Attempt last = entry.last();
    FeeHistory history;
    try {
      history = history();
    } catch (EvmException e) {
      Logger.debug("{} goes out as it is: {}", entry, e.getMessage());
      return entry;
    }
    if (history.nextBaseFee().compareTo(last.bid().max()) <= 0) {
      return entry;
    }
    return fees.next(last.bid(), history, urgent)
        .map(bid -> raised(entry, bid, last.after()))
        .orElse(entry);
  }

  private Attempt attempt(Eip1559Transaction transaction, FeeBid bid, long after, boolean does) {
    SignedTransaction signed = transaction.sign(key);
    return new Attempt(bid, signed.raw(), signed.hash(), after, does);
  }
}
