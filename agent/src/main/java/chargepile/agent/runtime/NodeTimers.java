package chargepile.agent.runtime;

import chargepile.agent.session.TimerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The timers that run for a node's machine, one of a kind. Belongs to the node's mailbox. One that
 * is cancelled or set anew after its time was up, but before the mailbox came to it, does not fire.
 */
final class NodeTimers {
  private final Time time;
  private final Executor mailbox;
  private final Consumer<TimerId> fired;
  private final Map<TimerId, Long> running = new HashMap<>();
  private final Map<TimerId, Time.Timer> handles = new HashMap<>();
  private long settings;

  /**
   * @param fired called on the mailbox
   */
  NodeTimers(Time time, Executor mailbox, Consumer<TimerId> fired) {
    this.time = time;
    this.mailbox = mailbox;
    this.fired = fired;
  }

  void set(TimerId timer, Duration after) {
    cancel(timer);
    long setting = ++settings;
    running.put(timer, setting);
    handles.put(timer, time.schedule(after, () -> mailbox.execute(() -> fire(timer, setting))));
  }

  void cancel(TimerId timer) {
    running.remove(timer);
    Time.Timer handle = handles.remove(timer);
    if (handle != null) {
      handle.cancel();
    }
  }

  private void fire(TimerId timer, long setting) {
    if (running.remove(timer, setting)) {
      handles.remove(timer);
      fired.accept(timer);
    }
  }

  /** Cancels all. */
  void close() {
    handles.values().forEach(Time.Timer::cancel);
    handles.clear();
    running.clear();
  }
}
