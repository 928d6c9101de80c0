package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.PackageContract;
import chargepile.agent.chain.Purse;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The node's mempool is the smallest that it allows, and was filled once. */
class BitcoindPackageTest extends PackageContract {
  private static final FeerateBounds BOUNDS =
      new FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(1000), new Feerate(1000));

  private static RegtestNode node;
  private BitcoindChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start("-maxmempool=1", "-limitdescendantsize=10");
    fillMempool();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void open() {
    // Empties the mempool; what it asks for stays, and falls by half in hours.
    node.mine(1);
    chain = new BitcoindChain(node.endpoint(), Network.REGTEST, BOUNDS, Optional.empty());
  }

  @AfterEach
  void close() {
    chain.close();
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
  protected OutPoint fund(Satoshi amount, Purse owner) {
    return node.fund(owner.script(), amount);
  }

  /** Broadcasts 5 kB transactions at 20 sat/vB until there is no room for more. */
  private static void fillMempool() {
    int count = 200;
    long each = 500_000;
    Purse purse = Purse.named("filler");
    TxOut small = purse.output(1000);
    OutPoint coin = node.fund(purse.script(), new Satoshi((count + 1) * each));
    Transaction split =
        purse.spend(
            coin,
            (count + 1) * each,
            Collections.nCopies(count, purse.output(each)).toArray(TxOut[]::new));
    node.mineWith(List.of(split));
    try (BitcoindChain chain =
        new BitcoindChain(
            node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty())) {
      int i = 0;
      while (!isFull()) {
        assertTrue(i < count, "the mempool does not fill");
        TxOut[] outputs = Collections.nCopies(150, small).toArray(TxOut[]::new);
        outputs[0] = purse.output(each - 149 * 1000 - 100_000 - 100L * i);
        chain.broadcast(purse.spend(new OutPoint(split, i), each, outputs));
        i++;
      }
    }
  }

  private static boolean isFull() {
    Json info = node.rpc().ask("getmempoolinfo");
    return info.at("mempoolminfee").decimal().compareTo(info.at("minrelaytxfee").decimal()) > 0;
  }
}
