package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New blocks are told of, and a chain that stands still is doubted. */
class BlockWatchTest {
  @TempDir Path directory;
  private Anvil anvil;
  private ChainPair pair;
  private ChainSide pile;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    pair = new ChainPair(VoucherChain.on(anvil), directory);
    pile = pair.pile;
  }

  @AfterEach
  void stop() {
    if (anvil != null) {
      pair.close();
      anvil.close();
    }
  }

  @Test
  void everyNewBlockIsToldOfOnAThreadOfItsOwnUntilItIsClosed() throws Exception {
    pile.pace(new EvmVoucherLedger.Pace(Duration.ofMillis(20), Duration.ofHours(1)));
    var told = new LinkedBlockingQueue<String>();
    AutoCloseable listening =
        pile.ledger.onChange(() -> told.add(Thread.currentThread().getName()));
    assertEquals("evm-blocks", told.poll(30, TimeUnit.SECONDS));
    anvil.mine(1);
    assertEquals("evm-blocks", told.poll(30, TimeUnit.SECONDS));
    listening.close();
    told.clear();
    anvil.mine(1);
    assertEquals(null, told.poll(200, TimeUnit.MILLISECONDS));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("evm-blocks")));
  }

  /** No node takes it: no block has room for so much gas. */
  @Test
  void aMarketCallThatStandsBeforeAChallengeIsGivenUpAndThatIsTold() {
    pair.open(50_000);
    pair.pay(3000);
    pair.disconnect();
    pile.sender.submit(
        TransactionIntent.call("market/quote", "a quote", pile.address(), ByteVector.empty)
            .withGasLimit(60_000_000));
    pair.closeWith(Optional.empty());
    pile.look();
    for (int i = 0; i < 6; i++) {
      anvil.mine(1);
      pile.look();
    }
    assertEquals(
        new Amount(3000),
        assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(pile.book().setup()).latest())
            .paidByA());
    assertTrue(
        pile.alerts.stream().anyMatch(alert -> alert.contains("it is given up, for challenge")),
        pile.alerts::toString);
  }

  @Test
  void aChainWithoutNewBlocksIsDoubtedWhileSomebodyListens() throws Exception {
    pile.pace(new EvmVoucherLedger.Pace(Duration.ofMillis(1), Duration.ofMillis(2)));
    assertEquals(Optional.empty(), pile.ledger.doubt());
    AutoCloseable listening = pile.ledger.onChange(() -> {});
    Optional<String> doubt = Optional.empty();
    for (int i = 0; i < 3000 && doubt.isEmpty(); i++) {
      Thread.sleep(10);
      doubt = pile.ledger.doubt();
    }
    listening.close();
    assertTrue(doubt.orElseThrow().contains("no new block for"));
    assertEquals(Optional.empty(), pile.ledger.doubt());
  }
}
