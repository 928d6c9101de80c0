package chargepile.hal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A failure on its way to the one who listens for it: told once, however late. Thread-safe. */
public final class FailureNotice {
  private @Nullable String failure;
  private @Nullable Consumer<String> listener;

  /** Tells the listener, now or when it comes; what follows the first failure is not told. */
  public void tell(String what) {
    Consumer<String> receiver;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = what;
      receiver = listener;
    }
    if (receiver != null) {
      receiver.accept(what);
    }
  }

  /**
   * Sets who is told.
   *
   * @throws IllegalStateException when there is a listener already
   */
  public void listen(Consumer<String> next) {
    String before;
    synchronized (this) {
      if (listener != null) {
        throw new IllegalStateException("the failure notice has a listener already");
      }
      listener = next;
      before = failure;
    }
    if (before != null) {
      next.accept(before);
    }
  }
}
