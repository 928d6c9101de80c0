package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Fills a node's mempool, so that it takes nothing below some 20 sat/vB for hours. */
public final class FullMempool {
  /** The smallest mempool that a node allows. */
  public static final String[] FLAGS = {"-maxmempool=1", "-limitdescendantsize=10"};

  private FullMempool() {}

  /** Broadcasts 5 kB transactions at 20 sat/vB until there is no room for more. */
  public static void fill(RegtestNode node) {
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
      while (!isFull(node)) {
        assertTrue(i < count, "the mempool does not fill");
        TxOut[] outputs = Collections.nCopies(150, small).toArray(TxOut[]::new);
        outputs[0] = purse.output(each - 149 * 1000 - 100_000 - 100L * i);
        chain.broadcast(purse.spend(new OutPoint(split, i), each, outputs));
        i++;
      }
    }
  }

  private static boolean isFull(RegtestNode node) {
    Json info = node.rpc().ask("getmempoolinfo");
    return info.at("mempoolminfee").decimal().compareTo(info.at("minrelaytxfee").decimal()) > 0;
  }
}
