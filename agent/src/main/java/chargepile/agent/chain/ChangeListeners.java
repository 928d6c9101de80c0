package chargepile.agent.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.tinylog.Logger;

/**
 * Who wants to know of changes, told one after the other in the order they asked. Thread-safe; the
 * caller of {@link #changed} holds no lock.
 */
public final class ChangeListeners implements AutoCloseable {
  private final Executor executor;
  private final List<Registration> registrations = new ArrayList<>();
  private boolean closed;

  public ChangeListeners(Executor executor) {
    this.executor = executor;
  }

  public synchronized AutoCloseable add(Runnable listener) {
    Registration registration = new Registration(listener);
    registrations.add(registration);
    return () -> remove(registration);
  }

  public void changed() {
    List<Registration> told = present();
    if (told.isEmpty()) {
      return;
    }
    try {
      executor.execute(() -> told.forEach(this::call));
    } catch (RejectedExecutionException e) {
      if (!isClosed()) {
        throw e;
      }
    }
  }

  /** From now on nobody is told. */
  @Override
  public synchronized void close() {
    closed = true;
    registrations.clear();
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

  private synchronized List<Registration> present() {
    return List.copyOf(registrations);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void remove(Registration registration) {
    registrations.remove(registration);
  }

  /** Compared by identity, so that one listener may be added twice and removed once. */
  private static final class Registration {
    private final Runnable listener;

    Registration(Runnable listener) {
      this.listener = listener;
    }
  }
}
