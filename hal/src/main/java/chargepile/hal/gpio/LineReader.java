package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that waits for events on all watched lines and hands them to their listeners. */
final class LineReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private record Watch(Line line, Consumer<LineEvent> listener) {}

  private final Kernel kernel;
  private final int wake;
  private final Thread thread;
  private final List<Watch> watches = new ArrayList<>();
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
            deliver(polled.get(i), take(polled.get(i)));
          }
        }
      }
      closeWake();
    } catch (KernelException | RuntimeException e) {
      LOG.error("the GPIO thread ends, no meter pulse will be seen any more", e);
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

  private synchronized void closeWake() throws KernelException {
    wakeClosed = true;
    kernel.close(wake);
  }

  /** Reads a line that is ready, unless it was unwatched meanwhile and may be closed. */
  private synchronized List<LineEvent> take(Watch watch) {
    if (!watches.contains(watch)) {
      return List.of();
    }
    try {
      return watch.line.events();
    } catch (KernelException e) {
      watches.remove(watch);
      LOG.error("{}: lost, no more edges from it: {}", watch.line, e.reason(), e);
      return List.of();
    }
  }

  private static void deliver(Watch watch, List<LineEvent> events) {
    for (LineEvent event : events) {
      try {
        watch.listener.accept(event);
      } catch (RuntimeException e) {
        LOG.error("{}: the listener failed at {}", watch.line, event, e);
      }
    }
  }
}
