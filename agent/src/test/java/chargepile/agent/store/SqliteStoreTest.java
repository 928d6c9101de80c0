package chargepile.agent.store;

class SqliteStoreTest extends StoreContract {
  @Override
  Medium newMedium() {
    return new SqliteMedium();
  }
}
