package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.ByHand;
import chargepile.agent.cli.market.chain.Coins;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.Wei;

/** What transactions take of the chain's own coin. */
final class Fees {
  private Fees() {}

  static String words(ByHand.Cost cost) {
    return "at most %s gas, %s at the present price"
        .formatted(Figures.grouped(cost.gas()), Coins.text(cost.coins()));
  }

  /**
   * @throws CommandFailedException when the account can't pay so much, with what to do
   */
  static void require(ByHand account, ByHand.Cost cost) throws CommandFailedException {
    Wei there = account.node().balance(account.address(), BlockRef.LATEST);
    if (there.compareTo(cost.coins()) < 0) {
      throw new CommandFailedException(
          "the account %s has %s on the chain %d and this takes %s: send some there first"
              .formatted(
                  account.address(),
                  Figures.coins(there),
                  account.node().chainId(),
                  Coins.text(cost.coins())));
    }
  }
}
