package chargepile.agent.cli.market.chain;

import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmOutboxContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class OutboxFolderTest extends EvmOutboxContract {
  @TempDir private Path folder;
  private int made;

  @Override
  protected EvmOutbox create() {
    made++;
    return open();
  }

  @Override
  protected EvmOutbox reopened(EvmOutbox outbox) {
    return open();
  }

  private EvmOutbox open() {
    try {
      return new OutboxFolder(folder.resolve("transactions" + made));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
