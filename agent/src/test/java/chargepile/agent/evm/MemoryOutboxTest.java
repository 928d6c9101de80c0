package chargepile.agent.evm;

class MemoryOutboxTest extends EvmOutboxContract {
  @Override
  protected EvmOutbox create() {
    return new MemoryOutbox();
  }

  @Override
  protected EvmOutbox reopened(EvmOutbox outbox) {
    return ((MemoryOutbox) outbox).reopened();
  }
}
