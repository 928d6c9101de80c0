package chargepile.agent.session.notary;

import java.time.Instant;

/** Does what takes pairings. Pure and total; slow, so that it belongs on a thread of its own. */
@FunctionalInterface
public interface Clerk {
  /**
   * What comes of a task.
   *
   * @param now by the wall clock
   */
  NotaryAnswer answer(NotaryTask task, Instant now);
}
