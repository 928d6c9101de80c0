package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A real node, driven by a test and seen through the agent's own adapter. */
public final class DrivenNode implements DrivenChain {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /** That of the embedded chain; an estimate would depend on the tests before. */
  private static final Feerate FEERATE = new Feerate(1000);

  private final RegtestNode node;
  private final BitcoindChain chain;
  private Feerate feerate = FEERATE;
  private final Map<String, BitcoindWallet> wallets = new HashMap<>();

  /**
   * @param node one for many tests: this mines what the last one left in its mempool
   */
  public DrivenNode(RegtestNode node) {
    this.node = node;
    node.mine(1);
    chain =
        new BitcoindChain(
            node.endpoint(),
            Network.REGTEST,
            new FeerateBounds(FEERATE, FEERATE, FEERATE),
            Optional.empty());
  }

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    ChainView seen = chain.view(outputs, transactions);
    return new ChainView(seen.tip(), feerate, seen.outputs(), seen.spends(), seen.mined());
  }

  @Override
  public void broadcast(Transaction transaction) {
    chain.broadcast(transaction);
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    chain.broadcast(transactions);
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    chain.expect(outputs, transactions);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return chain.onChange(listener);
  }

  @Override
  public void mine(int blocks) {
    node.mine(blocks);
  }

  @Override
  public List<Transaction> mempool() {
    return node.mempool();
  }

  @Override
  public void evict(TxId txid) {
    node.restartWithoutMempool();
    if (mempool().stream().anyMatch(transaction -> transaction.txid.equals(txid))) {
      throw new IllegalStateException("the node still has " + txid);
    }
  }

  @Override
  public void reorganise(int depth) {
    node.reorganise(depth, Collections.nCopies(depth + 1, List.of()));
  }

  @Override
  public void feerate(Feerate present) {
    feerate = present;
  }

  @Override
  public OutPoint fund(ByteVector script, Satoshi amount) {
    return node.fund(script, amount);
  }

  @Override
  public Satoshi balance(ByteVector script) {
    return node.balance(script);
  }

  @Override
  public Wallet wallet(String party) {
    String name = party + " " + NUMBER.incrementAndGet();
    node.createWallet(name);
    BitcoindWallet wallet = new BitcoindWallet(node.endpoint(), name, ReservedCoins.UNKEPT);
    wallets.put(name, wallet);
    return wallet;
  }

  @Override
  public ByteVector unusedScript(String party) {
    return Purse.named(party + " at home " + NUMBER.incrementAndGet()).script();
  }

  @Override
  public void close() {
    wallets.forEach(
        (name, wallet) -> {
          wallet.close();
          node.unloadWallet(name);
        });
    chain.close();
  }
}
