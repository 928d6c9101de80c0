package chargepile.agent.runtime;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.VoucherChain;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A driver and a pile at the real contract, on a chain that mines when told. */
@SuppressWarnings("NullAway.Init") // each test opens the chain first
abstract class PairOnChain {
  @TempDir Path directory;
  Anvil anvil;
  ChainPair pair;
  ChainSide driver;
  ChainSide pile;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    pair = new ChainPair(VoucherChain.on(anvil), directory);
    driver = pair.driver;
    pile = pair.pile;
  }

  @AfterEach
  void stop() {
    if (anvil != null) {
      pair.close();
      anvil.close();
    }
  }
}
