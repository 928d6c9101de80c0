package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.evm.VoucherChain;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that takes its time over what is long ago delays nothing that protects a channel. */
class SlowNodeTest {
  private static final ByteVector32 PREIMAGE = new ByteVector32("5e".repeat(32));

  @TempDir Path directory;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final BlockingQueue<Optional<VoucherEvent.Report>> answers = new LinkedBlockingQueue<>();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private Anvil anvil;
  private LyingNode slow;
  private ChainPair pair;
  private ChainSide pile;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    anvil = Anvil.still();
    slow = new LyingNode(anvil);
    pair =
        new ChainPair(VoucherChain.on(anvil), directory, 2, () -> ChainSide.Nodes.one(slow.rpc()));
    pile = pair.pile;
    pile.searchingOn(thread);
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
    if (anvil != null) {
      pair.close();
      slow.close();
      anvil.close();
    }
  }

  /** No log is told before it is released. */
  private void takeTime() {
    slow.tell(
        (method, params, result) -> {
          if (method.equals("eth_getLogs")) {
            asked.countDown();
            await();
          }
          return result;
        });
  }

  private void await() {
    try {
      assertTrue(released.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCloseIsAnsweredWhileAnOldPreimageIsSearchedFor() throws InterruptedException {
    pair.open(50_000);
    pair.pay(3000);
    pair.disconnect();
    var unused =
        anvil.carryOut(
            pair.driver.account, pair.chain.contract(anvil.rpc()).registerPreimage("p", PREIMAGE));
    anvil.mine(50);
    takeTime();
    var question = new VoucherAction.AskPreimage(pile.book().setup(), PREIMAGE.sha256());
    pile.ledger.ask(question, answers::add);
    assertTrue(asked.await(10, TimeUnit.SECONDS));

    pair.closeWith(Optional.empty());
    pile.look();
    anvil.mine(1);
    assertEquals(
        new Amount(3000),
        assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(pile.book().setup()).latest())
            .paidByA());
    assertTrue(answers.isEmpty(), "the search goes on meanwhile");

    released.countDown();
    Optional<VoucherEvent.Report> answer =
        Objects.requireNonNull(answers.poll(20, TimeUnit.SECONDS), "no answer came");
    var said = assertInstanceOf(VoucherEvent.PreimageSaid.class, answer.orElseThrow());
    assertEquals(PREIMAGE, said.latest().orElseThrow().preimage());
  }
}
