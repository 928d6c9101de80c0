package chargepile.agent.chain;

import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A wallet that funds no channel with the money it keeps for the fees of its channels. As
 * thread-safe as the wallet within.
 */
public final class ReservingWallet implements Wallet {
  /** Two inputs, the funding output and change: a funding transaction with room. */
  private static final int FUNDING_WEIGHT = 900;

  private final Wallet wallet;
  private final FeeReserve reserve;
  private final IntSupplier channels;

  /**
   * @param channels how many channels there are that are not finished, without the one being
   *     funded; asked on the thread that calls
   */
  public ReservingWallet(Wallet wallet, FeeReserve reserve, IntSupplier channels) {
    this.wallet = wallet;
    this.reserve = reserve;
    this.channels = channels;
  }

  @Override
  public void resume(List<Transaction> unsent) {
    wallet.resume(unsent);
  }

  @Override
  public Transaction fund(ByteVector script, Satoshi amount, Feerate feerate) {
    Satoshi needed = amount.plus(feerate.fee(FUNDING_WEIGHT));
    Satoshi balance = wallet.balance();
    int open = channels.getAsInt() + 1;
    if (balance.compareTo(amount) < 0) {
      return wallet.fund(script, amount, feerate); // which refuses, and says how to fill it
    }
    if (needed.compareTo(reserve.spendable(balance, open)) > 0) {
      throw new ChainException(
          "of its %d sat the wallet keeps %d sat to close %s when fees are high: a channel of %d sat needs %d sat more in the wallet"
              .formatted(
                  balance.value(),
                  reserve.of(open).value(),
                  FeeReserve.counted(open),
                  amount.value(),
                  needed.plus(reserve.of(open)).minus(balance).value()));
    }
    return wallet.fund(script, amount, feerate);
  }

  // The reserve is there for this.
  @Override
  public Transaction addFee(FeeRequest request) {
    return wallet.addFee(request);
  }

  @Override
  public void release(Transaction transaction) {
    wallet.release(transaction);
  }

  @Override
  public ByteVector freshScript() {
    return wallet.freshScript();
  }

  // With the reserve.
  @Override
  public Satoshi balance() {
    return wallet.balance();
  }
}
