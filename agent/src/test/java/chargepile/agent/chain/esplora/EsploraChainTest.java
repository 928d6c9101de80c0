package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainContract;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole contract on a real node behind an Esplora server. */
class EsploraChainTest extends ChainContract {
  private static RegtestNode node;
  private static RegtestEsplora esplora;

  private EsploraChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
    esplora = new RegtestEsplora(node);
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      esplora.close();
      node.close();
    }
  }

  @BeforeEach
  void open() {
    // Takes what the last test left waiting out of the mempool.
    node.mine(1);
    chain = openChain();
  }

  @AfterEach
  void close() {
    esplora.meanwhile(path -> {});
    chain.close();
  }

  private static EsploraChain openChain() {
    return new EsploraChain(
        new Server(esplora.url(), Duration.ofMillis(200), Duration.ofSeconds(60)),
        Network.REGTEST,
        FeerateBounds.DEFAULT);
  }

  @Override
  protected Chain chain() {
    return chain;
  }

  @Override
  protected void mine(int blocks) {
    node.mine(blocks);
  }

  @Override
  protected void mineWith(List<Transaction> transactions) {
    node.mineWith(transactions);
  }

  @Override
  protected Transaction mineTo(ByteVector script) {
    return node.mineTo(script);
  }

  @Override
  protected OutPoint fund(ByteVector script, Satoshi amount) {
    return node.fund(script, amount);
  }

  @Override
  protected void reorganise(int depth, List<List<Transaction>> branch) {
    node.reorganise(depth, branch);
  }

  @Test
  void genesisNamesTheNetwork() {
    assertEquals(Block.RegtestGenesisBlock.hash, chain.genesis());
  }

  @Test
  void anOutputThatWaitsToBeSpentIsThereUntilABlockSpendsIt() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);

    assertEquals(Set.of(coin), view(coin, spend).outputs().keySet());
    assertEquals(spend.txid, spendOf(coin).transaction().txid);
    mine(1);
    assertEquals(Set.of(), view(coin, spend).outputs().keySet());
  }

  @Test
  void anOutputThatItsTransactionDoesNotHaveIsNotThere() {
    OutPoint coin = fundAlice();

    assertTrue(chain.view(Set.of(new OutPoint(coin.txid, 99)), Set.of()).outputs().isEmpty());
  }

  @Test
  void whatIsOlderThanAnyWatchIsFoundAllTheSame() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    mineWith(List.of(spend));
    mine(200);

    assertEquals(201, spendOf(coin).depthAt(tip()));
  }

  @Test
  void aSpendWhoseOutputsAreAllSpentIsKnownWhenItIsSentAgain() {
    Transaction spend = alice.spend(fundAlice(), COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    chain.broadcast(bob.spend(new OutPoint(spend, 0), COIN - FEE, alice.output(COIN - 2 * FEE)));
    mine(1);

    chain.broadcast(spend);
  }

  @Test
  void aShorterChainUndoesASpendAndItsBlockBringsItBack() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    mine(3);
    int before = tip().value();

    node.dropBlocks(3);

    assertEquals(before - 3, tip().value());
    assertEquals(Optional.empty(), spendOf(coin).minedAt());
    assertEquals(Set.of(coin), view(coin, spend).outputs().keySet());
    mine(1);
    assertEquals(1, spendOf(coin).depthAt(tip()));
  }

  @Test
  void aReorganisationInTheMiddleOfAViewIsLookedAtAgain() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    mine(2);
    AtomicInteger asked = new AtomicInteger();
    esplora.meanwhile(
        path -> {
          // After tip and status were told, and before the spend is.
          if (path.contains("/outspend/") && asked.incrementAndGet() == 1) {
            node.dropBlocks(2);
          }
        });

    ChainView view = view(coin, spend);

    assertEquals(2, asked.get());
    assertEquals(node.height(), view.tip().value());
    assertEquals(0, view.depth(spend.txid));
    assertEquals(Set.of(coin), view.outputs().keySet());
    assertEquals(Optional.empty(), Objects.requireNonNull(view.spends().get(coin)).minedAt());
  }

  @Test
  void aBlockInTheMiddleOfAViewIsLookedAtAgain() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    AtomicInteger asked = new AtomicInteger();
    esplora.meanwhile(
        path -> {
          if (path.contains("/outspend/") && asked.incrementAndGet() == 1) {
            node.mine(1);
          }
        });

    ChainView view = view(coin, spend);

    assertEquals(1, view.depth(spend.txid));
    assertEquals(Set.of(), view.outputs().keySet());
  }
}
