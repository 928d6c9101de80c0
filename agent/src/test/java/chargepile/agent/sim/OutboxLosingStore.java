package chargepile.agent.sim;

import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import java.util.List;

/** Shows a program that starts nothing of what the last one may not have sent. */
final class OutboxLosingStore extends OtherStore {
  OutboxLosingStore(Store store) {
    super(store);
  }

  @Override
  public Snapshot load() {
    Snapshot all = super.load();
    return new Snapshot(
        all.channels(),
        all.revoked(),
        all.session(),
        all.registers(),
        List.of(),
        all.journalSequence(),
        all.meta());
  }
}
