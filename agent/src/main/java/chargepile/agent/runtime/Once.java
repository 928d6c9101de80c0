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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Sends what is asked for again and again once. What ended without the effect that is still asked
 * for is sent anew: at once, and from then on ever less often, so that a node which lies can't
 * spend the account's coins on calls that fail.
 *
 * <p>Used by one thread at a time.
 */
final class Once {
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(5);

  /** So many attempts fit a period within which it must be done, whatever else happens. */
  private static final int LEAST_ATTEMPTS = 8;

  private static final int REMEMBERED = 1024;

  private final ChannelViews views;
  private final TransactionSender sender;
  private final Map<String, Pause> pauses = new LinkedHashMap<>();

  /** By the chain's clock. */
  private record Pause(Instant until, Duration length) {}

  Once(ChannelViews views, TransactionSender sender) {
    this.views = views;
    this.sender = sender;
  }

  /**
   * Sends it unless it is under way.
   *
   * @param within the time that it may take at most, over which attempts are spread
   * @throws chargepile.agent.evm.RevertedException when the contract would refuse it
   */
  void begin(String key, Duration within, Supplier<TransactionIntent> intent) {
    Optional<OutboxEntry> known = sender.entry(key);
    if (known.isPresent()) {
      Optional<Finish> finish = known.get().finish();
      if (finish.isEmpty() || !isDueAgain(key, finish.get(), within)) {
        return;
      }
      Logger.warn("{} ended as {} and is still asked for", known.get(), finish.get());
      sender.forget(key);
    }
    var unused = sender.submit(sender.rehearsed(intent.get()));
  }

  /** A head before its end does not show what came of it. */
  private boolean isDueAgain(String key, Finish finish, Duration within) {
    Optional<Pause> last = Optional.ofNullable(pauses.get(key));
    EvmBlock head;
    try {
      head = views.head();
    } catch (DisagreeingNodesException e) {
      // Nobody says what time it is on the chain: once more does little harm, and may save all.
      return pauses.putIfAbsent(key, new Pause(Instant.EPOCH, SHORTEST_PAUSE)) == null;
    }
    if (head.number() < finish.block()
        || last.filter(pause -> head.time().isBefore(pause.until())).isPresent()) {
      return false;
    }
    Duration most = within.dividedBy(LEAST_ATTEMPTS);
    Duration next = last.map(pause -> pause.length().multipliedBy(2)).orElse(SHORTEST_PAUSE);
    Duration length = next.compareTo(most) < 0 ? next : most;
    if (pauses.size() == REMEMBERED) {
      pauses.clear();
    }
    pauses.put(key, new Pause(head.time().plus(length), length));
    return true;
  }
}
