package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChangeListeners;
import fr.acinq.bitcoin.BlockHash;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/**
 * Tells listeners that tip or mempool changed: a thread looks at both at every interval, from the
 * first listener on.
 */
final class ServerNews implements AutoCloseable {
  private final EsploraApi api;
  private final Duration interval;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("esplora-poll").factory());

  /** Called on the poller's thread, from which they are told. */
  private final ChangeListeners listeners = new ChangeListeners(Runnable::run);

  private Optional<State> last = Optional.empty();
  private boolean started;
  private boolean closed;

  /**
   * Compared to see whether anything changed.
   *
   * @param recent the last transactions that entered the mempool; those that leave it do so for
   *     others that enter, or for a block
   */
  private record State(BlockHash tip, String recent) {}

  ServerNews(EsploraApi api, Duration interval) {
    this.api = api;
    this.interval = interval;
  }

  AutoCloseable add(Runnable listener) {
    Optional<State> before = isStarted() ? Optional.empty() : state();
    AutoCloseable registration = listeners.add(listener);
    synchronized (this) {
      if (!started && !closed) {
        started = true;
        last = before;
        var unused =
            poller.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    return registration;
  }

  /** Looks now, not at the next interval. */
  synchronized void poll() {
    if (started && !closed) {
      poller.execute(this::look);
    }
  }

  /** Tells listeners at the next interval, whether there is news or not. */
  synchronized void tellAnyway() {
    last = Optional.empty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    listeners.close();
    poller.shutdownNow();
  }

  /** On the poller's thread. */
  private void look() {
    Optional<State> present = state();
    Optional<State> before = exchange(present);
    if (present.isPresent() && !present.equals(before)) {
      listeners.changed();
    }
  }

  private Optional<State> state() {
    try {
      return Optional.of(new State(api.tipHash(), api.text("/mempool/recent")));
    } catch (ChainException e) {
      if (wasThere()) {
        Logger.warn("no news of the chain until this ends: {}", e.getMessage());
      }
      return Optional.empty();
    }
  }

  private synchronized Optional<State> exchange(Optional<State> present) {
    Optional<State> before = last;
    last = present;
    return before;
  }

  private synchronized boolean wasThere() {
    return !closed && last.isPresent();
  }

  private synchronized boolean isStarted() {
    return started;
  }
}
