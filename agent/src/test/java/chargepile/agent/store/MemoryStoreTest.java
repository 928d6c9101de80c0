package chargepile.agent.store;

class MemoryStoreTest extends StoreContract {
  @Override
  Medium newMedium() {
    return new MemoryMedium();
  }

  static final class MemoryMedium implements Medium {
    private final MemoryStore.Disk disk = new MemoryStore.Disk();

    @Override
    public Store open(int journalRows) {
      return new MemoryStore(disk, journalRows);
    }

    @Override
    public Store powerCut(Store running, int journalRows) {
      return open(journalRows);
    }

    @Override
    public void full(Store running, boolean full) {
      disk.full(full);
    }

    @Override
    public void close() {}
  }
}
