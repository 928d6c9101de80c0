package chargepile.agent.cli.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.tinylog.Logger;

/** What was opened, to be closed in the opposite order, each whatever the others do. */
public final class Closings implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Closes {@code opened} with the rest. */
  public <T extends AutoCloseable> T add(T opened) {
    open.push(opened);
    return opened;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        Logger.warn(e, "while stopping: {}", e.getMessage());
      }
    }
  }
}
