package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.json.Json;
import fr.acinq.bitcoin.BlockHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Tells listeners that tip or mempool changed. A thread waits for the node's word of a new block;
 * another looks every second at tip and mempool, which also serves where the node cannot be waited
 * for. Both start with the first listener.
 */
final class NodeEvents implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** After so many intervals at the latest listeners try again what could not be answered. */
  private static final int LONGEST_REST = 64;

  private final BitcoindRpc rpc;
  private final Supplier<ChainTip> tip;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bitcoind-poll").factory());
  private final Thread waiter =
      Thread.ofPlatform().daemon().name("bitcoind-blocks").unstarted(this::waitForBlocks);
  private final List<Registration> registrations = new ArrayList<>();
  private Optional<State> last = Optional.empty();
  private boolean started;
  private boolean closed;

  /** Intervals until listeners are called although nothing changed; 0: not at all. */
  private int retryIn;

  /** As many as were waited for the last time. */
  private int rest = 1;

  /** Compared to see whether anything changed; no two mempools in a row agree in all of it. */
  private record State(BlockHash tip, Json size, Json bytes, Json fees) {}

  /** Compared by identity, so that one listener may be added twice and removed once. */
  private static final class Registration {
    private final Runnable listener;

    Registration(Runnable listener) {
      this.listener = listener;
    }
  }

  /**
   * @param tip asks for the tip; throws while the node isn't to be believed
   */
  NodeEvents(BitcoindRpc rpc, Supplier<ChainTip> tip) {
    this.rpc = rpc;
    this.tip = tip;
  }

  /**
   * A listener's question found no answer: it is called again although nothing changed, first after
   * an interval, then ever more rarely, as some troubles stay long and their questions are dear.
   */
  synchronized void missed() {
    if (retryIn == 0) {
      retryIn = rest;
      rest = Math.min(2 * rest, LONGEST_REST);
    }
  }

  /** A listener's question was answered. */
  synchronized void answered() {
    retryIn = 0;
    rest = 1;
  }

  AutoCloseable add(Runnable listener) {
    Registration registration = new Registration(listener);
    Optional<State> before = isStarted() ? Optional.empty() : state();
    synchronized (this) {
      registrations.add(registration);
      if (!started && !closed) {
        started = true;
        last = before;
        waiter.start();
        var unused =
            poller.scheduleWithFixedDelay(
                this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    return () -> remove(registration);
  }

  /** Looks now, not at the next interval. */
  void poll() {
    synchronized (this) {
      if (!started || closed) {
        return;
      }
      poller.execute(this::look);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      registrations.clear();
      poller.shutdownNow();
    }
    waiter.interrupt();
  }

  private void waitForBlocks() {
    while (!isClosed()) {
      try {
        rpc.await(PATIENCE, "waitfornewblock", PATIENCE.toMillis());
        poll();
      } catch (NodeError e) {
        if (e.code() == NodeError.METHOD_NOT_FOUND) {
          Logger.info("{}: new blocks are seen within {} s", e.getMessage(), INTERVAL.toSeconds());
          return;
        }
        rest();
      } catch (ChainException e) {
        // The other thread sees the same and tells of it.
        rest();
      }
    }
  }

  private void rest() {
    try {
      Thread.sleep(INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On the poller's thread. */
  private void look() {
    Optional<State> present = state();
    Optional<State> before = exchange(present);
    boolean retry = isTimeToRetry();
    if (present.isPresent() && (retry || !present.equals(before))) {
      present().forEach(this::call);
    }
  }

  private Optional<State> state() {
    try {
      BlockHash best = tip.get().hash();
      Json mempool = rpc.ask("getmempoolinfo");
      return Optional.of(
          new State(best, mempool.at("size"), mempool.at("bytes"), mempool.at("total_fee")));
    } catch (ChainException e) {
      if (lost()) {
        Logger.warn("no news of the chain until this ends: {}", e.getMessage());
      }
      return Optional.empty();
    }
  }

  private void call(Registration registration) {
    if (!present().contains(registration)) {
      return;
    }
    try {
      registration.listener.run();
    } catch (RuntimeException e) {
      Logger.error(e, "a chain listener failed; the others are told all the same");
    }
  }

  private synchronized Optional<State> exchange(Optional<State> present) {
    Optional<State> before = last;
    last = present;
    return before;
  }

  private synchronized boolean isTimeToRetry() {
    if (retryIn > 0) {
      retryIn--;
      return retryIn == 0;
    }
    return false;
  }

  /** Whether the node was there until now. */
  private synchronized boolean lost() {
    return !closed && last.isPresent();
  }

  private synchronized boolean isStarted() {
    return started;
  }

  private synchronized boolean isClosed() {
    return closed || Thread.currentThread().isInterrupted();
  }

  private synchronized List<Registration> present() {
    return List.copyOf(registrations);
  }

  private synchronized void remove(Registration registration) {
    registrations.remove(registration);
  }
}
