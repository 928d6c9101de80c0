package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainContract;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole contract on a real node, and what only a chain outside the process can do. */
class BitcoindChainTest extends ChainContract {
  private static RegtestNode node;

  private BitcoindChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void open() {
    // Takes what the last test left waiting out of the mempool.
    node.mine(1);
    chain = open(Optional.empty());
  }

  @AfterEach
  void close() {
    chain.close();
  }

  private static BitcoindChain open(Optional<BlockHeight> scanFrom) {
    return new BitcoindChain(node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, scanFrom);
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
  void aRestartFindsTheSameInPastBlocks() {
    BlockHeight birth = tip();
    OutPoint coin = fundAlice();
    OutPoint kept = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    mine(1);
    Transaction child = bob.spend(new OutPoint(spend, 0), COIN - FEE, alice.output(COIN - 2 * FEE));
    chain.broadcast(child);
    Set<OutPoint> outputs = Set.of(coin, kept, new OutPoint(spend, 0), new OutPoint(child, 0));
    chain.view(outputs, Set.of(spend.txid, child.txid));
    mine(BlockIndex.RECENT + 10);
    ChainView before = chain.view(outputs, Set.of(spend.txid, child.txid));

    try (BitcoindChain restarted = open(Optional.of(birth))) {
      assertEquals(before, restarted.view(outputs, Set.of(spend.txid, child.txid)));
    }
    try (BitcoindChain restarted = open(Optional.of(birth))) {
      restarted.expect(outputs, Set.of(spend.txid));
      assertEquals(
          before.spends().get(coin), restarted.view(Set.of(coin), Set.of()).spends().get(coin));
      assertEquals(
          before.mined().get(child.txid),
          restarted.view(Set.of(), Set.of(child.txid)).mined().get(child.txid));
    }
    assertEquals(2, before.mined().size());
    assertEquals(2, before.spends().size());
    assertEquals(2, before.outputs().size());
  }

  @Test
  void whatIsWatchedLateIsFoundInTheLastBlocks() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    Transaction child = bob.spend(new OutPoint(spend, 0), COIN - FEE, alice.output(COIN - 2 * FEE));
    tip();
    chain.broadcast(spend);
    mine(8);
    chain.broadcast(child);
    mine(BlockIndex.RECENT - 20);

    assertEquals(spend.txid, spendOf(coin).transaction().txid);
    assertEquals(child.txid, spendOf(new OutPoint(spend, 0)).transaction().txid);
    assertEquals(BlockIndex.RECENT - 20, view(coin, child).depth(child.txid));
  }

  @Test
  void aSpendBelowWhereTheSearchEndsIsNotSeen() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    mineWith(List.of(spend));
    mine(BlockIndex.RECENT + 5);

    assertTrue(chain.view(Set.of(coin), Set.of()).spends().isEmpty());
  }

  @Test
  void aShorterChainUndoesASpendAndItsBlockBringsItBack() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    chain.broadcast(spend);
    mine(3);
    assertEquals(3, view(coin, spend).depth(spend.txid));
    BlockHeight before = tip();

    node.dropBlocks(3);

    assertEquals(before.value() - 3, tip().value());
    assertEquals(Optional.empty(), spendOf(coin).minedAt());
    assertEquals(0, view(coin, spend).depth(spend.txid));
    assertEquals(Set.of(coin), view(coin, spend).outputs().keySet());
    mine(1);
    assertEquals(1, spendOf(coin).depthAt(tip()));
    assertTrue(view(coin, spend).outputs().isEmpty());
  }

  @Test
  void aReorganisationThatUndoesTheFundingIsSeen() {
    OutPoint coin = fundAlice();
    assertEquals(Set.of(coin), chain.view(Set.of(coin), Set.of(coin.txid)).outputs().keySet());

    node.reorganise(1, List.of(List.of(), List.of()));

    ChainView view = chain.view(Set.of(coin), Set.of(coin.txid));
    assertTrue(view.outputs().isEmpty());
    assertEquals(0, view.depth(coin.txid));
    mine(1);
    assertEquals(1, chain.view(Set.of(coin), Set.of(coin.txid)).depth(coin.txid));
  }

  @Test
  void aSpendWhoseOutputsAreAllSpentIsKnownWhenItIsSentAgain() {
    OutPoint coin = fundAlice();
    Transaction spend = alice.spend(coin, COIN, bob.output(COIN - FEE));
    view(coin, spend);
    chain.broadcast(spend);
    chain.broadcast(bob.spend(new OutPoint(spend, 0), COIN - FEE, alice.output(COIN - 2 * FEE)));
    mine(1);
    assertEquals(1, view(coin, spend).depth(spend.txid));

    chain.broadcast(spend);
  }
}
