package chargepile.agent.runtime;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How long the pile has not come to what it was asked. Its state can be read at any time and tells
 * nothing of that: it stays as it was when the pile hangs. For one thread.
 */
public final class Silence {
  private final Time time;
  private final Executor pile;
  private long askedNanos;
  private volatile boolean waiting;

  /**
   * Asks nothing yet.
   *
   * @param pile runs tasks where the pile does all its work, see {@link PileNode#inTurn}
   */
  public Silence(Time time, Executor pile) {
    this.time = time;
    this.pile = pile;
  }

  /**
   * How long the question under way has waited; zero when there is none, and then another is asked.
   * Never waits itself, and a pile that hangs has one question in its queue, however often this is
   * called.
   */
  public Duration ask() {
    long now = time.nanos();
    if (!waiting) {
      waiting = true;
      askedNanos = now;
      pile.execute(() -> waiting = false);
    }
    return waiting ? Duration.ofNanos(now - askedNanos) : Duration.ZERO;
  }
}
