package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for events on all watched lines and hands them to their listeners. It says
 * when it cannot: a line that fails, a listener that throws, or its own end.
 */
final class LineReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private record Watch(Line line, Consumer<LineEvent> listener) {}

  private final Kernel kernel;
  private final int wake;
  private final Thread thread;
  private final List<Watch> watches = new ArrayList<>();
  private Consumer<String> onFailure = what -> {};
  private boolean closing;
  private boolean wakeClosed;

  LineReader(Kernel kernel) {
    this.kernel = kernel;
    try {
      this.wake = kernel.eventfd();
    } catch (KernelException e) {
      throw new HardwareException("cannot wait for GPIO events: " + e.reason(), e);
    }
    this.thread = Thread.ofPlatform().name("gpio-edges").daemon().unstarted(this::run);
  }

  /**
   * Begins to read.
   *
   * @param failed gets what failed and where, on the reader's thread; may be called again
   */
  void start(Consumer<String> failed) {
    onFailure = failed;
    thread.start();
  }

  /** Delivers the line's events, those that its kernel buffer already holds included. */
  void watch(Line line, Consumer<LineEvent> listener) {
    synchronized (this) {
      watches.add(new Watch(line, listener));
    }
    wakeUp();
  }

  /** After this the line is not read any more and may be closed. */
  void unwatch(Line line) {
    synchronized (this) {
      watches.removeIf(watch -> watch.line == line);
    }
    wakeUp();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    if (thread.getState() == Thread.State.NEW) {
      closeWake();
      return;
    }
    wakeUp();
    boolean ended = thread == Thread.currentThread();
    try {
      ended |= thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      LOG.warn("the GPIO thread is stuck in a listener; it is left behind");
    }
  }

  private void run() {
    try {
      read();
    } catch (KernelException e) {
      failed("the GPIO thread ended, no pulse and no plug is seen any more: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      failed("the GPIO thread ended, no pulse and no plug is seen any more: " + e, e);
    } finally {
      closeWake();
    }
  }

  private void read() throws KernelException {
    for (List<Watch> polled = watched(); !closing(); polled = watched()) {
      int[] fds = new int[polled.size() + 1];
      fds[0] = wake;
      for (int i = 0; i < polled.size(); i++) {
        fds[i + 1] = polled.get(i).line.fd();
      }
      boolean[] ready = kernel.poll(fds);
      if (ready[0]) {
        drainWake();
      }
      for (int i = 0; i < polled.size(); i++) {
        if (ready[i + 1]) {
          read(polled.get(i));
        }
      }
    }
  }

  private void read(Watch watch) {
    try {
      deliver(watch, take(watch));
    } catch (KernelException e) {
      synchronized (this) {
        watches.remove(watch);
      }
      failed("%s: lost, no more edges come from it: %s".formatted(watch.line, e.reason()), e);
    }
  }

  private void failed(String what, Throwable cause) {
    if (closing()) {
      LOG.warn("while closing: {}", what, cause);
      return;
    }
    LOG.error("{}", what, cause);
    try {
      onFailure.accept(what);
    } catch (RuntimeException e) {
      LOG.error("nobody could be told of it", e);
    }
  }

  private synchronized List<Watch> watched() {
    return List.copyOf(watches);
  }

  private synchronized boolean closing() {
    return closing;
  }

  private synchronized void wakeUp() {
    if (wakeClosed) {
      return;
    }
    try {
      kernel.signal(wake);
    } catch (KernelException e) {
      throw new HardwareException("cannot wake the GPIO thread: " + e.reason(), e);
    }
  }

  private void drainWake() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      kernel.read(wake, arena.allocate(Long.BYTES, Long.BYTES));
    }
  }

  private synchronized void closeWake() {
    if (wakeClosed) {
      return;
    }
    wakeClosed = true;
    try {
      kernel.close(wake);
    } catch (KernelException e) {
      LOG.warn("cannot close the wake-up descriptor: {}", e.reason(), e);
    }
  }

  /** Reads a line that is ready, unless it was unwatched meanwhile and may be closed. */
  private synchronized List<LineEvent> take(Watch watch) throws KernelException {
    if (!watches.contains(watch)) {
      return List.of();
    }
    List<LineEvent> events = watch.line.events();
    if (events.isEmpty()) {
      throw new KernelException("read", KernelException.ENODEV); // ready for ever, with nothing
    }
    return events;
  }

  private void deliver(Watch watch, List<LineEvent> events) {
    for (LineEvent event : events) {
      try {
        watch.listener.accept(event);
      } catch (RuntimeException | Error e) {
        failed("%s: its listener failed at %s: %s".formatted(watch.line, event, e), e);
      }
    }
  }
}
