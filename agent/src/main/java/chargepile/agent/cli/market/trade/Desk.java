package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.order.eip712.OrderMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import org.tinylog.Logger;

/** A market, and an account that acts on it. */
final class Desk {
  private final Market market;
  private final ByHand account;

  Desk(Market market, ByHand account) {
    this.market = market;
    this.account = account;
  }

  Market market() {
    return market;
  }

  EvmAddress account() {
    return account.address();
  }

  /**
   * Carries a transaction into a block. What the contract would refuse is not sent. The same again,
   * while it is not final, is the same transaction.
   */
  EvmReceipt done(TransactionIntent intent) throws CommandFailedException, InterruptedException {
    return account.done(intent);
  }

  /**
   * Lets the order book take an amount for an order.
   *
   * @param purpose one for each time that it is needed
   */
  void allow(String purpose, Amount amount) throws CommandFailedException, InterruptedException {
    EvmAddress book = market.orders().address();
    if (amount.value() == 0
        || market.token().allowance(account(), book, BlockRef.LATEST).compareTo(amount) >= 0) {
      return;
    }
    Amount there = market.token().balance(account(), BlockRef.LATEST);
    if (there.compareTo(amount) < 0) {
      throw new CommandFailedException(
          "the order takes %s units of the token %s into escrow, and the account %s has %s: put the rest into it first (chargepile market account deposit)"
              .formatted(
                  Figures.grouped(amount.value()),
                  market.token().address(),
                  account(),
                  Figures.grouped(there.value())));
    }
    EvmReceipt unused =
        done(market.token().approve("%s/%s/approve".formatted(book, purpose), book, amount));
  }

  /** The account's signature on what is said of an order. */
  EvmSignature signed(OrderMessage message) {
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    return market.orders().domain().sign(signer, message, account.secret());
  }

  @Override
  public String toString() {
    return "Desk[%s]".formatted(account());
  }
}
