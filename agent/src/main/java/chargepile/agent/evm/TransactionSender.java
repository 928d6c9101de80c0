package chargepile.agent.evm;

import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.units.EvmAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * Brings transactions of one account into the chain: each once, whatever happens to this program,
 * to the nodes and to the chain's last blocks.
 *
 * <p>What is decided on is in the {@link EvmOutbox} with its nonce and its signed bytes before a
 * node hears of it. From then on {@link #advance} sends it again when it was dropped, raises its
 * fee when it waits too long, and looks for it in blocks; where a reorganisation takes it out of
 * one, it simply waits again. It is finished only by {@link Finality}; blocks that a deeper
 * reorganisation replaces after all reopen it.
 *
 * <p>Liveness goes before agreement here: sending the same bytes again is harmless, so nodes that
 * contradict each other delay the finish and never the sending. Thread-safe.
 */
public final class TransactionSender {
  /** A finished transaction is looked after for so many blocks: four epochs. */
  private static final long LONGEST_REORG = 128;

  private final EvmNode node;
  private final EvmKey key;
  private final EvmOutbox outbox;
  private final FeePolicy fees;
  private final Finality finality;
  private final Rehearsal rehearsal;
  private final Bidding bidding;
  private final Handover handover;
  private final Receipts receipts;
  private final Nonces nonces;
  private final RightOfWay rightOfWay;

  /** How a round sees the chain. */
  private record Sight(EvmBlock head, Optional<EvmBlock> last) {
    boolean isFinal(long block) {
      return last.filter(block_ -> block <= block_.number()).isPresent();
    }
  }

  /**
   * @param key of an account that nobody else sends from
   * @param finality from when on a transaction is finished
   * @param reverts the words of the contracts that are called
   */
  public TransactionSender(
      EvmNode node,
      EvmKey key,
      EvmOutbox outbox,
      FeePolicy fees,
      Finality finality,
      Reverts reverts) {
    this(node, key, outbox, fees, finality, reverts, _ -> false);
  }

  /**
   * @param isOther which keys are of business that makes way at once for what has a deadline
   */
  public TransactionSender(
      EvmNode node,
      EvmKey key,
      EvmOutbox outbox,
      FeePolicy fees,
      Finality finality,
      Reverts reverts,
      Predicate<String> isOther) {
    this.node = node;
    this.key = key;
    this.outbox = outbox;
    this.fees = fees;
    this.finality = finality;
    this.rehearsal = new Rehearsal(node, key.address(), reverts);
    this.bidding = new Bidding(node, key, outbox, fees);
    this.handover = new Handover(node);
    this.receipts = new Receipts(node);
    this.nonces = new Nonces(node, key.address());
    this.rightOfWay = new RightOfWay(fees, isOther);
  }

  public EvmAddress account() {
    return key.address();
  }

  /** From when on what a block says counts as done. */
  public Finality finality() {
    return finality;
  }

  /** What its transactions may cost. */
  public FeePolicy fees() {
    return fees;
  }

  /**
   * Decides on a transaction and sends it. One with a key that is known already is what was decided
   * then, and nothing new happens.
   *
   * @throws RevertedException when the contract would refuse it; nothing was decided then
   * @throws EvmException when no node says what it needs to know; nothing was decided then
   * @throws IllegalArgumentException when the key stands for something else
   */
  public synchronized OutboxEntry submit(TransactionIntent intent) {
    Optional<OutboxEntry> known = entry(intent.key());
    if (known.isPresent()) {
      if (!known.get().intent().isSameAs(intent)) {
        throw new IllegalArgumentException(
            "the key %s stands for another transaction already: %s"
                .formatted(intent.key(), known.get()));
      }
      return bidding.due(known.get(), intent.deadline());
    }
    long gasLimit = rehearsal.gasLimit(intent);
    long nonce = nonces.next(entries());
    OutboxEntry entry = bidding.first(intent, nonce, gasLimit, undisputed(this::head));
    outbox.save(entry);
    TransactionStatus status = handover.of(entry);
    Logger.info("{}: {}", entry, status);
    return entry;
  }

  /** Corrects by when a transaction has to be in the chain, as far as that is known. */
  public synchronized void correct(String intentKey, Optional<Instant> deadline) {
    var unused = entry(intentKey).map(entry -> bidding.due(entry, deadline));
  }

  /** What became of its transactions in blocks that may still be replaced. */
  public Receipts receipts() {
    return receipts;
  }

  /** What was decided on under a key and not forgotten. */
  public synchronized Optional<OutboxEntry> entry(String intentKey) {
    return entries().stream().filter(entry -> entry.intent().key().equals(intentKey)).findFirst();
  }

  /** All that was decided on and not forgotten, by nonce. */
  public synchronized List<OutboxEntry> decided() {
    return entries();
  }

  /**
   * Tries a transaction that has a gas limit of its own, which {@link #submit} does not: it would
   * be sent whatever the contract says.
   *
   * @return the same with a gas limit that is no lower, and at most eight times as high
   * @throws RevertedException when the contract would refuse it at the head
   * @throws UnreachableNodeException when no node answers
   */
  public TransactionIntent rehearsed(TransactionIntent intent) {
    return rehearsal.tried(intent);
  }

  /**
   * As {@link #rehearsed}, but with no more gas than the node estimates and a quarter: for who
   * can't pay for its own limit. Too little, maybe, where another transaction comes before it.
   */
  public TransactionIntent estimated(TransactionIntent intent) {
    return rehearsal.lean(intent);
  }

  /** What {@link #submit} would bid for a unit of its gas now. */
  public Wei firstBid(TransactionIntent intent) {
    return bidding.firstBid(intent, undisputed(this::head)).max();
  }

  /** Empty while the nodes contradict each other. */
  private static <T> Optional<T> undisputed(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (DisagreeingNodesException e) {
      // Told to the operator by the nodes' alert.
      Logger.debug("going on without: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Looks after everything that is not finished, once: for a timer, a new block, and the start.
   *
   * @return how each entry stands, by its key
   * @throws EvmException when no node answers; what is under way stays so
   */
  public synchronized Map<String, TransactionStatus> advance() {
    Map<String, TransactionStatus> standing = new LinkedHashMap<>();
    Sight sight;
    try {
      sight = new Sight(head(), undisputed(() -> finality.block(node)).flatMap(last -> last));
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      entries().forEach(entry -> standing.put(entry.intent().key(), sentBlindly(entry, e)));
      return standing;
    }
    for (OutboxEntry entry : entries()) {
      standing.put(entry.intent().key(), advanced(entry, sight));
    }
    makeWay(standing, sight.head);
    return standing;
  }

  /** In the next round again where the nodes don't say what it takes. */
  private void makeWay(Map<String, TransactionStatus> standing, EvmBlock head) {
    List<OutboxEntry> open = openFrom(0).toList();
    if (open.size() < 2) {
      return;
    }
    try {
      rightOfWay
          .yielding(open, standing, head, nonces.first())
          .forEach(
              (entry, why) -> {
                Logger.warn("{}: {}", entry, why);
                var unused = abandoned(entry);
                standing.put(entry.intent().key(), new TransactionStatus.Stuck(why));
              });
    } catch (EvmException e) {
      Logger.debug("nothing makes way in this round: {}", e.getMessage());
    }
  }

  /**
   * Gives a transaction up: puts one that does nothing in its place, at a higher fee. Which of them
   * gets into a block is not certain; {@link #advance} says it. Again changes nothing.
   *
   * @return empty when nothing was ever decided under that key
   */
  public synchronized Optional<OutboxEntry> abandon(String intentKey) {
    return entry(intentKey)
        .map(entry -> entry.finish().isPresent() || entry.isAbandoned() ? entry : abandoned(entry));
  }

  private OutboxEntry abandoned(OutboxEntry entry) {
    FeeBid last = entry.last().bid();
    // Little gas is at stake: at the cap it costs an eighth more rather than nothing be done.
    FeeBid bid = fees.next(last, bidding.history(), false).orElseGet(last::raised);
    OutboxEntry given = bidding.nothing(entry, bid, entry.last().after());
    TransactionStatus status = handover.of(given);
    Logger.info("{} is given up: {}", given, status);
    return given;
  }

  /** Drops what is finished; its key may then be used again. */
  public synchronized void forget(String intentKey) {
    if (entry(intentKey).filter(entry -> entry.finish().isEmpty()).isPresent()) {
      throw new IllegalStateException("the transaction %s is under way".formatted(intentKey));
    }
    outbox.forget(intentKey);
  }

  private TransactionStatus advanced(OutboxEntry entry, Sight sight) {
    try {
      if (entry.finish().isPresent()) {
        return stillFinished(entry, entry.finish().get(), sight);
      }
      Optional<EvmReceipt> receipt = receipts.of(entry);
      if (receipt.isPresent()) {
        return mined(entry, receipt.get(), sight);
      }
      return waiting(entry, sight);
    } catch (UnreachableNodeException e) {
      throw e;
    } catch (EvmException e) {
      return sentBlindly(entry, e);
    }
  }

  private TransactionStatus stillFinished(OutboxEntry entry, Finish finish, Sight sight) {
    if (!wasReplaced(finish, sight)) {
      return new TransactionStatus.Finished(finish);
    }
    Logger.warn("a final block was replaced after all: {} goes on", entry);
    OutboxEntry open = entry.reopened();
    outbox.save(open);
    return advanced(open, sight);
  }

  private boolean wasReplaced(Finish finish, Sight sight) {
    return sight.head.number() - finish.block() < LONGEST_REORG
        && node.block(BlockRef.number(finish.block()))
            .filter(block -> !block.hash().equals(finish.blockHash()))
            .isPresent();
  }

  private TransactionStatus mined(OutboxEntry entry, EvmReceipt receipt, Sight sight) {
    if (!sight.isFinal(receipt.block())) {
      return new TransactionStatus.Mined(
          receipt, Math.max(1, sight.head.number() - receipt.block() + 1));
    }
    if (!entry.isDoneBy(receipt.transaction())) {
      return finished(
          entry, new Finish.Abandoned(receipt.transaction(), receipt.block(), receipt.blockHash()));
    }
    return finished(
        entry,
        receipt.success()
            ? new Finish.Succeeded(
                receipt.transaction(), receipt.block(), receipt.blockHash(), receipt.contract())
            : new Finish.Reverted(
                receipt.transaction(),
                receipt.block(),
                receipt.blockHash(),
                rehearsal.reason(entry, receipt)));
  }

  private TransactionStatus finished(OutboxEntry entry, Finish finish) {
    outbox.save(entry.finished(finish));
    return new TransactionStatus.Finished(finish);
  }

  private TransactionStatus waiting(OutboxEntry entry, Sight sight) {
    long used = node.nonce(key.address(), BlockRef.LATEST);
    if (used > entry.nonce()) {
      return overtaken(entry, sight);
    }
    if (used == entry.nonce() && isDue(entry, sight)) {
      return raised(entry, sight);
    }
    return node.knows(entry.last().hash())
        ? new TransactionStatus.Waiting(
            "it waits for a block, at most " + entry.last().bid() + " for a unit of gas")
        : handover.of(entry);
  }

  private TransactionStatus overtaken(OutboxEntry entry, Sight sight) {
    if (sight.last.isPresent()) {
      EvmBlock last = sight.last.get();
      // A node may tell of its head's nonces a moment before it tells of its receipts.
      BlockRef before = BlockRef.number(Math.max(0, last.number() - 1));
      if (node.nonce(key.address(), before) > entry.nonce() && receipts.of(entry).isEmpty()) {
        return finished(entry, new Finish.Overtaken(last.number(), last.hash()));
      }
    }
    return new TransactionStatus.Waiting(
        "another transaction of the account has its nonce %d, in a block that may still be replaced"
            .formatted(entry.nonce()));
  }

  private boolean isDue(OutboxEntry entry, Sight sight) {
    return sight.head.number() - entry.last().after() >= fees.patience(isUrgent(entry, sight));
  }

  /** What is behind it in the order of nonces waits for it, and may be more urgent. */
  private boolean isUrgent(OutboxEntry entry, Sight sight) {
    return openFrom(entry.nonce())
        .anyMatch(next -> fees.isUrgent(next.intent(), sight.head.time()));
  }

  private Stream<OutboxEntry> openFrom(long nonce) {
    return entries().stream().filter(entry -> entry.finish().isEmpty() && entry.nonce() >= nonce);
  }

  private TransactionStatus raised(OutboxEntry entry, Sight sight) {
    boolean urgent = isUrgent(entry, sight);
    FeeHistory history = bidding.history();
    Wei purse = bidding.purse(entry, openFrom(entry.nonce()).toList());
    Optional<FeeBid> bid = fees.next(entry.last().bid(), history, urgent, purse);
    if (bid.isPresent()) {
      return handover.of(bidding.raised(entry, bid.get(), sight.head.number()));
    }
    TransactionStatus status = handover.of(entry);
    if (status instanceof TransactionStatus.Stuck) {
      bid = bidding.lowered(entry, history, urgent, purse);
      if (bid.isPresent()) {
        return handover.of(bidding.raised(entry, bid.get(), sight.head.number()));
      }
    }
    return bidding.excess(entry, history.nextBaseFee(), urgent, purse).orElse(status);
  }

  /**
   * The nodes contradict each other, or one answers nonsense: they get it all the same, and nothing
   * is concluded. It is raised where it is too cheap for the next block.
   */
  private TransactionStatus sentBlindly(OutboxEntry entry, EvmException cause) {
    if (entry.finish().isPresent()) {
      return new TransactionStatus.Finished(entry.finish().get());
    }
    // Nobody says what time it is on the chain.
    boolean urgent = openFrom(entry.nonce()).anyMatch(next -> next.intent().deadline().isPresent());
    var unused = handover.of(bidding.affordable(entry, urgent));
    return new TransactionStatus.Stuck(String.valueOf(cause.getMessage()));
  }

  private EvmBlock head() {
    return node.block(BlockRef.LATEST)
        .orElseThrow(() -> new EvmException(node + " has no block at all"));
  }

  private List<OutboxEntry> entries() {
    return outbox.entries().stream()
        .filter(entry -> entry.from().equals(key.address()) && entry.chainId() == node.chainId())
        .sorted(Comparator.comparingLong(OutboxEntry::nonce))
        .toList();
  }
}
