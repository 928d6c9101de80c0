package chargepile.agent.evm;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which transactions make way for what has a deadline. Nonces are used up in their order, so that
 * one which can't be mined holds up all that were decided on after it (P1-34).
 *
 * <p>What has a deadline of its own that is still to come makes way only where it is other
 * business, and only for the channels'. What makes way does so once nodes refuse it, or blocks go
 * by without it: the account's other business at once; what is the channels' own when the deadline
 * comes near, and before that gets urgent.
 */
final class RightOfWay {
  /** It has been given so many times the patience after which it is raised. */
  private static final int PATIENCES = 4;

  /** The first half is for making way, the second for what has the deadline. */
  private static final int LAST_CALLS = 2;

  private final FeePolicy fees;
  private final Predicate<String> isOther;

  /**
   * @param isOther which keys are no business of the channels
   */
  RightOfWay(FeePolicy fees, Predicate<String> isOther) {
    this.fees = fees;
    this.isOther = isOther;
  }

  /**
   * What is to be replaced by nothing now.
   *
   * @param open what is not finished, by nonce
   * @param standing how each of them stands
   * @param first the lowest nonce that is not used up
   * @return for each the words for the operator
   */
  Map<OutboxEntry, String> yielding(
      List<OutboxEntry> open, Map<String, TransactionStatus> standing, EvmBlock head, long first) {
    Map<OutboxEntry, String> yielding = new LinkedHashMap<>();
    List<OutboxEntry> waiting =
        open.stream()
            .filter(entry -> entry.nonce() >= first && !entry.isAbandoned())
            .filter(entry -> !(status(entry, standing) instanceof TransactionStatus.Mined))
            .toList();
    for (int i = 0; i < waiting.size(); i++) {
      OutboxEntry entry = waiting.get(i);
      Optional<OutboxEntry> behind =
          waiting.subList(i + 1, waiting.size()).stream()
              .filter(next -> isOfNeed(next, head.time()) && comesFirst(next, entry, head.time()))
              .findFirst();
      if (behind.isPresent()
          && isItsTurn(entry, behind.get(), head.time())
          && isInTheWay(entry, behind.get(), standing, head, first)) {
        yielding.put(
            entry,
            "it is given up, for %s waits behind it and has to be in the chain before %s%s"
                .formatted(
                    behind.get().intent(),
                    behind.get().intent().deadline().orElseThrow(),
                    status(entry, standing) instanceof TransactionStatus.Stuck(String why)
                        ? ": " + why
                        : ""));
      }
    }
    return yielding;
  }

  /** What comes too late in any case needs nothing. */
  private static boolean isOfNeed(OutboxEntry entry, Instant now) {
    return entry.intent().deadline().filter(now::isBefore).isPresent();
  }

  /** Other business that has a deadline makes way for the channels' own, and for nothing else. */
  private boolean comesFirst(OutboxEntry behind, OutboxEntry entry, Instant now) {
    return !isOfNeed(entry, now)
        || (isOther.test(entry.intent().key()) && !isOther.test(behind.intent().key()));
  }

  private boolean isItsTurn(OutboxEntry entry, OutboxEntry behind, Instant now) {
    Duration near = fees.lastCall().multipliedBy(LAST_CALLS);
    return isOther.test(entry.intent().key())
        || !now.isBefore(behind.intent().deadline().orElseThrow().minus(near));
  }

  /**
   * The first in line is, where it does not go on; another business also where its price keeps the
   * nodes from taking what is behind it.
   */
  private boolean isInTheWay(
      OutboxEntry entry,
      OutboxEntry behind,
      Map<String, TransactionStatus> standing,
      EvmBlock head,
      long first) {
    long waited =
        head.number()
            - Math.max(entry.attempts().getFirst().after(), behind.attempts().getFirst().after());
    int patience = fees.patience(fees.isUrgent(behind.intent(), head.time()));
    boolean isRefused = isStuck(entry, standing) && waited >= patience;
    if (entry.nonce() == first) {
      return isRefused || waited >= (long) PATIENCES * patience;
    }
    return isOther.test(entry.intent().key())
        && (isRefused || (isStuck(behind, standing) && waited >= patience));
  }

  private static boolean isStuck(OutboxEntry entry, Map<String, TransactionStatus> standing) {
    return status(entry, standing) instanceof TransactionStatus.Stuck;
  }

  private static TransactionStatus status(
      OutboxEntry entry, Map<String, TransactionStatus> standing) {
    return standing.getOrDefault(
        entry.intent().key(), new TransactionStatus.Waiting("it was decided on"));
  }
}
