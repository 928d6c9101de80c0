package chargepile.agent.sim;

import chargepile.agent.store.Commit;
import chargepile.agent.store.Store;
import org.jspecify.annotations.Nullable;

/** Says that a commit is durable when only the one before it is. */
final class LateStore extends OtherStore {
  private @Nullable Commit waiting;

  LateStore(Store store) {
    super(store);
  }

  @Override
  public long commit(Commit commit) {
    long next = write();
    waiting = commit;
    return next;
  }

  private long write() {
    Commit before = waiting;
    waiting = null;
    return before == null ? store.load().journalSequence() + 1 : store.commit(before) + 1;
  }

  @Override
  public void sent(long outboxSequence) {
    super.sent(Math.min(outboxSequence, store.load().journalSequence()));
  }

  @Override
  public void close() {
    write();
    super.close();
  }
}
