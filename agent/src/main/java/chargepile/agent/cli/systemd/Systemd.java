package chargepile.agent.cli.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The service manager's ear (sd_notify(3)): readiness, status, watchdog, stop. Silent when there is
 * none. What it does not take is logged and does no harm. Thread-safe.
 */
public final class Systemd implements AutoCloseable {
  private static final Duration MORE_TIME = Duration.ofMinutes(2);

  private final @Nullable NotifySocket socket;
  private final Optional<Duration> interval;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean failing = new AtomicBoolean();
  private String status = "";
  private long beatAt;

  private Systemd(@Nullable NotifySocket socket, Optional<Duration> interval) {
    this.socket = socket;
    this.interval = interval;
    this.beatAt = System.nanoTime() - interval.orElse(Duration.ZERO).toNanos();
  }

  /**
   * Of a process with this environment.
   *
   * @param pid the process's own; a watchdog of another process is none of its business
   */
  public static Systemd of(Map<String, String> environment, long pid) {
    String address = environment.get("NOTIFY_SOCKET");
    if (address == null || address.isEmpty()) {
      return new Systemd(null, Optional.empty());
    }
    try {
      return new Systemd(new NotifySocket(address), interval(environment, pid));
    } catch (IOException | RuntimeException e) {
      Logger.warn("systemd is told nothing: {}", e.getMessage());
      return new Systemd(null, Optional.empty());
    }
  }

  /** Half of what the watchdog allows (sd_watchdog_enabled(3)). */
  private static Optional<Duration> interval(Map<String, String> environment, long pid) {
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String whose = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
    if (!micros.matches("[0-9]{1,18}") || !whose.equals(Long.toString(pid))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000 / 2))
        .filter(Duration::isPositive);
  }

  /** Not ready yet, and asks for more time. */
  public void waiting(String why) {
    say("EXTEND_TIMEOUT_USEC=" + MORE_TIME.toNanos() / 1000 + "\nSTATUS=" + line(why));
  }

  public void ready() {
    say("READY=1");
  }

  public void stopping() {
    say("STOPPING=1\nSTATUS=stopping");
  }

  /** One line for people; the same again is not said. */
  public synchronized void status(String now) {
    if (!now.equals(status)) {
      status = now;
      say("STATUS=" + line(now));
    }
  }

  /**
   * To be called often: when a beat is due, {@code worker} is asked for it. The beat is the
   * worker's own act, so one that hangs is silent, however long this is called.
   */
  public void beat(Executor worker) {
    if (socket == null || interval.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    if (now - beatAt >= interval.get().toNanos() && asked.compareAndSet(false, true)) {
      beatAt = now;
      worker.execute(
          () -> {
            asked.set(false);
            say("WATCHDOG=1");
          });
    }
  }

  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  private void say(String text) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(text);
      failing.set(false);
    } catch (IOException e) {
      if (failing.compareAndSet(false, true)) {
        Logger.warn("systemd: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.close();
    }
  }
}
