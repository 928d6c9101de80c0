package chargepile.agent.chain;

import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;

/** The on-chain money of a party. Implementations are thread-safe. */
public interface Wallet {
  /**
   * A signed transaction that pays {@code amount} to {@code script} and is not broadcast; its
   * inputs are reserved until it is, or until {@link #release}.
   *
   * @throws ChainException when the money does not suffice or the wallet can't be asked
   */
  Transaction fund(ByteVector script, Satoshi amount, Feerate feerate);

  /**
   * The template of {@code request} with inputs and change of the wallet's added, so that it pays
   * the fee asked for. The wallet's inputs are signed, and reserved as those of {@link #fund}.
   *
   * @throws ChainException when the money does not suffice or the wallet can't be asked
   */
  default Transaction addFee(FeeRequest request) {
    throw new ChainException("this wallet can't add a fee to a transaction");
  }

  /** Gives back the inputs of a transaction that will not be broadcast. */
  void release(Transaction transaction);

  /** A script of a fresh address, for change, sweeps and cooperative closes. */
  ByteVector freshScript();

  /** What the wallet could spend now. */
  Satoshi balance();
}
