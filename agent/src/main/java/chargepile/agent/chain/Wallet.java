package chargepile.agent.chain;

import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import java.util.List;

/** The on-chain money of a party. Implementations are thread-safe. */
public interface Wallet {
  /**
   * Said once, before anything is asked for: which transactions of the last run are still to be
   * broadcast. Their inputs are reserved; what that run reserved for others, and did not give back
   * before it was killed, is free again.
   *
   * @throws ChainException when the wallet can't be asked now; it tries again before it spends
   */
  void resume(List<Transaction> unsent);

  /**
   * A signed transaction that pays {@code amount} to {@code script} and is not broadcast; its
   * inputs are reserved until it is, or until {@link #release}.
   *
   * @throws ChainException when the money does not suffice or the wallet can't be asked
   */
  Transaction fund(ByteVector script, Satoshi amount, Feerate feerate);

  /**
   * The request's template with confirmed inputs of the wallet's own, and change unless that were
   * dust, after those of the template, so that it pays the fee that is asked for. The wallet's
   * inputs are signed (SIGHASH_ALL) and signal that they may be replaced (BIP 125); those of the
   * template are the caller's to sign, which leaves the txid as it is.
   *
   * <p>The wallet's inputs are reserved until {@link #release}. Those of {@link
   * FeeRequest#replaces} are spent again, and the answer pays enough more to replace it; they then
   * belong to the answer, and releasing the earlier transaction leaves them reserved.
   *
   * @throws ChainException when the money does not suffice, with what is missing, or the wallet
   *     can't be asked; nothing is reserved then
   */
  Transaction addFee(FeeRequest request);

  /** Gives back the inputs of a transaction that will not be broadcast, or is replaced. */
  void release(Transaction transaction);

  /** A script of a fresh address, for change, sweeps and cooperative closes. */
  ByteVector freshScript();

  /** What the wallet could spend now. */
  Satoshi balance();
}
