package chargepile.agent.chain;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;

/** A chain that a test drives: it mines, pays and forgets at a word. */
public interface DrivenChain extends Chain, AutoCloseable {
  /** Mines blocks with what waits in the mempool. */
  void mine(int blocks);

  /** What waits for a block. */
  List<Transaction> mempool();

  /** Drops a transaction from the mempool, as a full or restarted node does. */
  void evict(TxId txid);

  /** Replaces the last blocks by one empty block more; what they held waits again. */
  void reorganise(int depth);

  /** Sets the feerate that is reported as the present one. */
  void feerate(Feerate present);

  /** A confirmed output. */
  OutPoint fund(ByteVector script, Satoshi amount);

  /** What the unspent outputs with a script hold, in blocks and in the mempool. */
  Satoshi balance(ByteVector script);

  /** An empty wallet of a party of the test. */
  Wallet wallet(String party);

  /** A script to which nothing was ever paid. */
  ByteVector unusedScript(String party);

  @Override
  void close();
}
