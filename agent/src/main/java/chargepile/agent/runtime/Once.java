package chargepile.agent.runtime;

import chargepile.agent.evm.ChannelViews;
import chargepile.agent.evm.DisagreeingNodesException;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.OutboxEntry.Finish;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Sends what is asked for again and again once. What ended without the effect that is still asked
 * for is sent anew: at once, and from then on ever less often, so that a node which lies can't
 * spend the account's coins on calls that fail.
 *
 * <p>What must be done before a deadline can't wait until its failure is final: it is sent anew
 * once the last block has the failure, under a key with a number behind it, for a reorganisation
 * may bring the first one back (P1-34). What all nodes show to be lacking waits for nothing that
 * was tried on the word of one.
 *
 * <p>Used by one thread at a time.
 */
final class Once {
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(5);

  /** So many attempts fit a period within which it must be done, whatever else happens. */
  private static final int LEAST_ATTEMPTS = 8;

  private static final int REMEMBERED = 1024;
  private static final char AGAIN = '#';

  private final ChannelViews views;
  private final TransactionSender sender;
  private final Map<Trial, Pause> pauses = new LinkedHashMap<>();

  /**
   * What is asked for.
   *
   * @param isShown whether all nodes show it to be lacking at the head, or one alone does
   */
  private record Trial(String key, boolean isShown) {}

  /** By the chain's clock. */
  private record Pause(Instant until, Duration length) {}

  /** All that was sent under a key came to nothing, by this block. */
  private record Ended(Trial trial, long block) {}

  Once(ChannelViews views, TransactionSender sender) {
    this.views = views;
    this.sender = sender;
  }

  /**
   * Sends it unless it is under way, which it is until its end is final.
   *
   * @param within the time that it may take at most, over which attempts are spread
   * @throws chargepile.agent.evm.RevertedException when the contract would refuse it
   */
  void begin(String key, Duration within, Supplier<TransactionIntent> intent) {
    Optional<OutboxEntry> known = sender.entry(key);
    Optional<Finish> finish = known.flatMap(OutboxEntry::finish);
    if (known.isPresent() && finish.isEmpty()) {
      return;
    }
    send(
        key,
        known.stream().toList(),
        finish.map(end -> new Ended(new Trial(key, true), end.block())),
        within,
        intent);
  }

  /**
   * Sends it unless it is under way, which it is no more once it failed in a block of now. Of what
   * is under way the deadline is told anew.
   *
   * @param within the time that it may take at most, over which attempts are spread
   * @param isLacking whether the head shows that it is to be done, and can be
   * @param intent asks no node
   * @throws chargepile.agent.evm.RevertedException when the contract would refuse it
   */
  void beginInTime(
      String key, Duration within, BooleanSupplier isLacking, Supplier<TransactionIntent> intent) {
    List<OutboxEntry> known = decided(key);
    if (known.isEmpty()) {
      send(key, known, Optional.empty(), within, intent);
    } else {
      // What it was at first may have been the word of one node.
      Optional<Instant> deadline = intent.get().deadline();
      known.stream()
          .filter(entry -> entry.finish().isEmpty())
          .forEach(entry -> sender.correct(entry.intent().key(), deadline));
      ended(key, known, isLacking)
          .ifPresent(end -> send(key, known, Optional.of(end), within, intent));
    }
  }

  /** With those that were sent anew, by nonce. */
  private List<OutboxEntry> decided(String key) {
    return sender.decided().stream().filter(entry -> number(key, entry).isPresent()).toList();
  }

  /** 0 is the first; empty: it is another's. */
  private static OptionalLong number(String key, OutboxEntry entry) {
    String own = entry.intent().key();
    if (own.equals(key)) {
      return OptionalLong.of(0);
    }
    return own.startsWith(key + AGAIN)
        ? OptionalLong.of(Long.parseLong(own.substring(key.length() + 1)))
        : OptionalLong.empty();
  }

  /** Empty: one of them is under way, or need not be done anew. */
  private Optional<Ended> ended(String key, List<OutboxEntry> known, BooleanSupplier isLacking) {
    boolean isShown = true;
    long block = 0;
    for (OutboxEntry entry : known) {
      OptionalLong end;
      try {
        end = end(entry);
      } catch (DisagreeingNodesException e) {
        Logger.debug("what became of {} is disputed: {}", entry, e.getMessage());
        end = sender.receipts().shownFailure(entry);
        isShown = false;
      }
      if (end.isEmpty()) {
        return Optional.empty();
      }
      block = Math.max(block, end.getAsLong());
    }
    try {
      if (!isLacking.getAsBoolean()) {
        return Optional.empty();
      }
    } catch (DisagreeingNodesException e) {
      Logger.debug("whether {} is still to be done is disputed: {}", key, e.getMessage());
      isShown = false;
    }
    return Optional.of(new Ended(new Trial(key, isShown), block));
  }

  private OptionalLong end(OutboxEntry entry) {
    return entry
        .finish()
        .map(finish -> OptionalLong.of(finish.block()))
        .orElseGet(() -> sender.receipts().failure(entry));
  }

  /** Tries it first: nothing is forgotten of what the contract would refuse. */
  private void send(
      String key,
      List<OutboxEntry> known,
      Optional<Ended> end,
      Duration within,
      Supplier<TransactionIntent> intent) {
    Optional<Pause> pause = Optional.empty();
    if (end.isPresent()) {
      pause = pause(end.get(), within);
      if (pause.isEmpty()) {
        return;
      }
    }
    TransactionIntent tried = sender.rehearsed(intent.get());
    List<OutboxEntry> open = new ArrayList<>();
    for (OutboxEntry entry : known) {
      Logger.warn("{} ended without its effect and is still asked for", entry);
      if (entry.finish().isPresent()) {
        sender.forget(entry.intent().key());
      } else {
        open.add(entry);
      }
    }
    long number =
        open.stream().mapToLong(entry -> number(key, entry).orElseThrow() + 1).max().orElse(0);
    var unused = sender.submit(number == 0 ? tried : tried.named(key + AGAIN + number));
    pause.ifPresent(next -> remember(end.orElseThrow().trial(), next));
  }

  /** Until it may be sent anew after this time; empty: not yet. */
  private Optional<Pause> pause(Ended end, Duration within) {
    Optional<Pause> last = Optional.ofNullable(pauses.get(end.trial()));
    EvmBlock head;
    try {
      head = views.head();
    } catch (DisagreeingNodesException e) {
      // Nobody says what time it is on the chain: once more does little harm, and may save all.
      return last.isPresent()
          ? Optional.empty()
          : Optional.of(new Pause(Instant.EPOCH, SHORTEST_PAUSE));
    }
    // A head before its end does not show what came of it.
    if (head.number() < end.block()
        || last.filter(pause -> head.time().isBefore(pause.until())).isPresent()) {
      return Optional.empty();
    }
    Duration most = within.dividedBy(LEAST_ATTEMPTS);
    Duration next = last.map(pause -> pause.length().multipliedBy(2)).orElse(SHORTEST_PAUSE);
    Duration length = next.compareTo(most) < 0 ? next : most;
    return Optional.of(new Pause(head.time().plus(length), length));
  }

  private void remember(Trial trial, Pause pause) {
    if (pauses.size() == REMEMBERED) {
      pauses.clear();
    }
    pauses.put(trial, pause);
  }
}
