package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.redundant.ChainAlert;
import chargepile.agent.chain.redundant.RedundantChain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two real nodes that no network joins: what one knows the other learns only from the test. */
class TwoNodesTest {
  private static final long COIN = 1_000_000;

  private static RegtestNode near;
  private static RegtestNode far;

  private final Purse alice = Purse.named("alice");
  private final List<ChainAlert> alerts = new CopyOnWriteArrayList<>();
  private RedundantChain chain;

  @BeforeAll
  static void startNodes() {
    near = RegtestNode.start();
    far = RegtestNode.start();
  }

  @AfterAll
  static void stopNodes() {
    if (near != null) {
      near.close();
    }
    if (far != null) {
      far.close();
    }
  }

  @BeforeEach
  void open() {
    near.mine(1);
    far.copy(near);
    chain =
        new RedundantChain(
            Network.REGTEST.genesis(),
            one(near),
            one(far),
            InstantSource.system(),
            RedundantChain.USUAL_PATIENCE,
            alerts::add);
  }

  @AfterEach
  void close() {
    chain.close();
  }

  private static BitcoindChain one(RegtestNode node) {
    return new BitcoindChain(
        node.endpoint(),
        Network.REGTEST,
        FeerateBounds.DEFAULT,
        Optional.of(new BlockHeight(node.height())));
  }

  private ChainView view(OutPoint... outputs) {
    return chain.view(Set.of(outputs), Set.of());
  }

  @Test
  void theHigherOneServes() {
    far.mine(2);
    assertEquals(far.height(), view().tip().value());

    near.copy(far);
    near.mine(1);
    assertEquals(near.height(), view().tip().value());
    assertEquals(List.of(), alerts);
  }

  @Test
  void aSplitIsToldAndTheHigherOneBelieved() {
    OutPoint coin = near.fund(alice.script(), new Satoshi(COIN));
    far.copy(near);
    Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
    assertEquals(Set.of(coin), view(coin).outputs().keySet());
    near.mine(2);
    far.mineWith(List.of(spend));
    far.mine(2);

    ChainView split = view(coin);

    assertEquals(far.height(), split.tip().value());
    assertEquals(3, spend(split, coin).depthAt(split.tip()));
    ChainAlert.Disagreement told =
        assertInstanceOf(ChainAlert.Disagreement.class, alerts.getFirst());
    assertEquals(far.height() - 2, told.height().value());
    assertTrue(told.message().contains(near.endpoint().url().toString()), told::message);
    assertTrue(told.message().contains(far.endpoint().url().toString()), told::message);
    assertTrue(told.message().contains(far.rpc().ask("getbestblockhash").text()), told::message);
    // The other branch wins after all, and its chain has no spend.
    near.mine(3);
    ChainView healed = view(coin);
    assertEquals(near.height(), healed.tip().value());
    assertEquals(Set.of(coin), healed.outputs().keySet());
    far.copy(near);
    view(coin);
    assertEquals(List.of(told, new ChainAlert.Agreement(told.first(), told.second())), alerts);
  }

  @Test
  void oneThatIsKilledIsStoodInForAndTakenBack() throws Exception {
    OutPoint coin = near.fund(alice.script(), new Satoshi(COIN));
    far.copy(near);
    Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
    Semaphore changes = new Semaphore(0);
    boolean restarted = false;
    try (AutoCloseable listening = chain.onChange(changes::release)) {
      ChainView before = view(coin);
      near.kill();

      assertEquals(before, view(coin));
      chain.broadcast(spend);
      assertEquals(spend, spend(view(coin), coin).transaction());
      assertInstanceOf(ChainAlert.Lost.class, alerts.getFirst());
      far.mine(200);
      changes.drainPermits();
      near.restart();
      restarted = true;
      near.copy(far);
      while (!(alerts.getLast() instanceof ChainAlert.Back)) {
        assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the return");
        view(coin);
      }
      near.mine(1);
      ChainView after = view(coin);
      assertEquals(near.height(), after.tip().value());
      // Mined while this node was away, and more blocks ago than it searches for what is new.
      assertEquals(201, spend(after, coin).depthAt(after.tip()));
    } finally {
      if (!restarted) { // the other tests need it
        near.restart();
      }
    }
  }

  @Test
  void whatIsFirstWatchedDuringAnOutageIsFoundByTheOneThatWasAway() {
    view();
    try (BitcoindChain away = one(near)) {
      int known = away.tip().height().value();
      away.view(Set.of(), Set.of(near.fund(alice.script(), new Satoshi(COIN)).txid));
      far.copy(near);
      near.kill();
      OutPoint coin = farCoin();
      Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
      far.mineWith(List.of(spend));
      far.mine(BlockIndex.RECENT + 20);
      near.restart();
      near.copy(far);

      away.view(Set.of(), Set.of());
      ChainView view = away.view(Set.of(coin), Set.of());

      assertEquals(spend, spend(view, coin).transaction());
      assertTrue(view.tip().value() > known + BlockIndex.RECENT);
    }
  }

  /** A coin in a block that only the far node has. */
  private OutPoint farCoin() {
    Transaction coinbase = far.mineTo(alice.script());
    far.mine(100);
    Transaction cut =
        alice.spend(
            new OutPoint(coinbase, 0),
            coinbase.txOut.getFirst().amount.toLong(),
            alice.output(COIN));
    far.mineWith(List.of(cut));
    return new OutPoint(cut, 0);
  }

  @Test
  void aTransactionReachesBothAndIsRefusedOnlyByBoth() {
    OutPoint coin = near.fund(alice.script(), new Satoshi(COIN));
    Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
    // Only one of them knows the coin.
    chain.broadcast(spend);
    assertEquals(List.of(spend), near.mempool());

    Transaction greedy = alice.spend(coin, COIN, alice.output(2 * COIN));
    assertThrows(RejectedException.class, () -> chain.broadcast(greedy));
    near.mine(1);
  }

  @Test
  void withoutEitherThereIsNoViewUntilOneIsBack() {
    ChainTip tip = chain.tip();
    near.stop();
    far.stop();
    try {
      ChainException failure = assertThrows(ChainException.class, this::view);
      assertTrue(String.valueOf(failure.getMessage()).contains(near.endpoint().url().toString()));
      assertTrue(String.valueOf(failure.getMessage()).contains(far.endpoint().url().toString()));
    } finally {
      near.restart();
      far.restart();
    }
    assertTrue(view().tip().compareTo(tip.height()) <= 0);
  }

  private static ChainView.Spend spend(ChainView view, OutPoint coin) {
    return Objects.requireNonNull(view.spends().get(coin), "the coin is not spent");
  }
}
