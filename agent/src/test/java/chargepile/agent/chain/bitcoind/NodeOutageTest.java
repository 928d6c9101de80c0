package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Purse;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real node that is killed, that starts again, and that has thrown its past away. */
class NodeOutageTest {
  private static final long COIN = 1_000_000;

  private final Purse alice = Purse.named("alice");
  private RegtestNode node;

  @BeforeEach
  void startNode() {
    // Block files of 64 kB, so that there is something to prune.
    node = RegtestNode.start("-fastprune");
  }

  @AfterEach
  void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  private BitcoindChain open(Optional<BlockHeight> scanFrom) {
    return new BitcoindChain(node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, scanFrom);
  }

  @Test
  void aNodeThatIsKilledIsMissedAndTakenUpAgain() throws Exception {
    try (BitcoindChain chain = open(Optional.empty())) {
      assertEquals(FeerateBounds.DEFAULT.fallback(), chain.view(Set.of(), Set.of()).feerate());
      OutPoint coin = node.fund(alice.script(), new Satoshi(COIN));
      Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
      ChainView before = chain.view(Set.of(coin), Set.of());
      Semaphore changes = new Semaphore(0);
      chain.onChange(changes::release);

      node.kill();

      assertThrows(ChainException.class, () -> chain.view(Set.of(coin), Set.of()));
      assertThrows(ChainException.class, () -> chain.broadcast(spend));
      node.restart();
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the return");
      // A power cut may cost the node the last blocks; what it has now is what counts.
      assertTrue(chain.view(Set.of(coin), Set.of()).tip().compareTo(before.tip()) <= 0);
      changes.drainPermits();
      node.mine(1);
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the block");
    }
  }

  @Test
  void whatIsPrunedAndNeededIsSaid() {
    BlockHeight birth = new BlockHeight(node.height());
    OutPoint coin = node.fund(alice.script(), new Satoshi(COIN));
    Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
    try (BitcoindChain chain = open(Optional.empty())) {
      chain.broadcast(spend);
    }
    node.mine(600);
    int pruned = node.rpc().order("pruneblockchain", 300).whole();
    assertTrue(pruned > birth.value() + 2, () -> "only pruned up to " + pruned);

    try (BitcoindChain chain = open(Optional.of(birth))) {
      ChainException failure =
          assertThrows(ChainException.class, () -> chain.view(Set.of(coin), Set.of()));
      assertTrue(
          String.valueOf(failure.getMessage()).contains("has pruned block " + pruned),
          failure::getMessage);
    }
    try (BitcoindChain chain = open(Optional.of(new BlockHeight(pruned + 1)))) {
      OutPoint change = new OutPoint(spend, 0);
      ChainView view = chain.view(Set.of(change), Set.of(spend.txid));
      assertEquals(Set.of(change), view.outputs().keySet());
      assertEquals(600, view.depth(spend.txid));
    }
  }
}
