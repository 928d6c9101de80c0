package chargepile.agent.chain.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.tinylog.Logger;

/** Who wants to know of changes, told one after the other in the order they asked. */
final class ChangeListeners {
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private final Executor executor;

  ChangeListeners(Executor executor) {
    this.executor = executor;
  }

  AutoCloseable add(Runnable listener) {
    Registration registration = new Registration(listener);
    registrations.add(registration);
    return () -> registrations.remove(registration);
  }

  /** Tells all of a change; the caller holds no lock. */
  void changed() {
    executor.execute(() -> registrations.forEach(Registration::call));
  }

  /** Compared by identity, so that one listener may be added twice and removed once. */
  private static final class Registration {
    private final Runnable listener;

    Registration(Runnable listener) {
      this.listener = listener;
    }

    void call() {
      try {
        listener.run();
      } catch (RuntimeException e) {
        Logger.error(e, "a chain listener failed; the others are told all the same");
      }
    }
  }
}
