package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tinylog.Logger;

/**
 * Tells listeners of the changes of all chains, on one thread; and looks regularly at how the
 * chains stand to each other, which also changes by the mere lapse of time. Starts with the first
 * listener.
 */
final class Listeners implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final List<Replica> replicas;
  private final Runnable compare;
  private final ScheduledExecutorService teller = thread("chain-changes");
  private final ScheduledExecutorService prober = thread("chain-compare");
  private final CopyOnWriteArrayList<Registration> registrations = new CopyOnWriteArrayList<>();
  private final AtomicBoolean started = new AtomicBoolean();

  /** Changes that come while one waits to be told are one change. */
  private final AtomicBoolean waiting = new AtomicBoolean();

  /** Compared by identity, so that one listener may be added twice and removed once. */
  private static final class Registration {
    private final Runnable listener;

    Registration(Runnable listener) {
      this.listener = listener;
    }
  }

  Listeners(List<Replica> replicas, Runnable compare) {
    this.replicas = replicas;
    this.compare = compare;
  }

  AutoCloseable add(Runnable listener) {
    Registration registration = new Registration(listener);
    registrations.add(registration);
    if (started.compareAndSet(false, true)) {
      replicas.forEach(replica -> replica.listen(this::changed));
      var unused =
          prober.scheduleWithFixedDelay(
              this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
    return () -> registrations.remove(registration);
  }

  /** Calls the listeners soon. */
  void changed() {
    if (waiting.compareAndSet(false, true)) {
      try {
        teller.execute(this::tell);
      } catch (RejectedExecutionException e) {
        Logger.debug("a change after the end is told to nobody");
      }
    }
  }

  @Override
  public void close() {
    registrations.clear();
    teller.shutdownNow();
    prober.shutdownNow();
  }

  private void look() {
    try {
      compare.run();
    } catch (ChainException e) {
      Logger.debug("{}", e.getMessage());
    }
  }

  private void tell() {
    waiting.set(false);
    for (Registration registration : registrations) {
      try {
        registration.listener.run();
      } catch (RuntimeException e) {
        Logger.error(e, "a chain listener failed; the others are told all the same");
      }
    }
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }
}
