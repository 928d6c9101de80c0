package chargepile.agent.chain.embedded;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChainView;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** An embedded chain that is the same at every run. */
public record DrivenEmbeddedChain(EmbeddedChain chain) implements DrivenChain {
  public static DrivenEmbeddedChain create() {
    return new DrivenEmbeddedChain(
        new EmbeddedChain(
            InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)), Runnable::run));
  }

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    return chain.view(outputs, transactions);
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
    chain.mine(blocks);
  }

  @Override
  public List<Transaction> mempool() {
    return chain.mempool();
  }

  @Override
  public void evict(TxId txid) {
    chain.evict(txid);
  }

  @Override
  public void reorganise(int depth) {
    chain.reorganise(depth);
  }

  @Override
  public void feerate(Feerate present) {
    chain.feerate(present);
  }

  @Override
  public OutPoint fund(ByteVector script, Satoshi amount) {
    return chain.fund(script, amount);
  }

  @Override
  public Satoshi balance(ByteVector script) {
    return chain.balance(script);
  }

  @Override
  public Wallet wallet(String party) {
    return new EmbeddedWallet(chain, Purse.named(party).key().value, Signer.best());
  }

  @Override
  public ByteVector unusedScript(String party) {
    return Purse.named(party + " at home").script();
  }

  @Override
  public void close() {
    chain.close();
  }
}
