package chargepile.agent.runtime;

import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.Wei;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.units.EvmAddress;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;

/**
 * What an account has for the gas of the market, beside what its channels need. Used by one thread
 * at a time.
 */
final class MarketPurse {
  private static final int WEI_DECIMALS = 18;

  private final EvmNode node;
  private final EvmAddress account;
  private final TransactionSender sender;
  private final Supplier<Wei> reserve;

  /**
   * @param reserve what the account keeps for the gas of its channels
   */
  MarketPurse(EvmNode node, EvmAddress account, TransactionSender sender, Supplier<Wei> reserve) {
    this.node = node;
    this.account = account;
    this.sender = sender;
    this.reserve = reserve;
  }

  /**
   * With as much gas as is enough whatever happens, or where that can't be paid, what a node says
   * it needs: the order was confirmed with the coins for it, whatever was begun since.
   *
   * @param open what is under way; what the channels have there, and what has a deadline, goes
   *     first
   * @throws ShortOfGasException when no node would take it
   */
  TransactionIntent payable(
      TransactionIntent intent, TransactionIntent ample, List<OutboxEntry> open) {
    Wei held = held();
    Wei spoken = Wei.ZERO;
    for (OutboxEntry entry : open) {
      if (!entry.intent().key().startsWith(MarketTransactions.KEYS)
          || entry.intent().deadline().isPresent()) {
        Wei price = entry.attempts().getLast().bid().max();
        spoken = spoken.plus(price.times(entry.gasLimit())).plus(entry.intent().value());
      }
    }
    Wei price = sender.firstBid(intent);
    Wei most = price.max(sender.fees().cap()); // so that its gas leaves room for raising it
    if (held.compareTo(spoken.plus(most.times(ample.gasLimit().orElseThrow()))) >= 0) {
      return ample;
    }
    TransactionIntent lean = sender.estimated(intent);
    if (held.compareTo(spoken.plus(price.times(lean.gasLimit().orElseThrow()))) >= 0) {
      return lean;
    }
    throw new ShortOfGasException(
        "the account %s can't pay for the %s, without which the order's default may have to be paid: pay to it"
            .formatted(Eip55.write(account), intent.purpose()));
  }

  /**
   * Says the same as long as nothing but the balance changes: it is told once.
   *
   * @param binds whether another order does then
   * @param bound the gas of the orders that bind already
   * @throws ShortOfGasException when there is too little
   */
  void requireReserve(TransactionIntent tried, boolean binds, List<OutboxEntry> open, long bound) {
    Wei kept = reserve.get().plus(sender.fees().cap().times(bound));
    if (kept.equals(Wei.ZERO) && !binds) {
      return;
    }
    Wei cost = most(tried, tried.gasLimit().orElseThrow());
    if (binds) {
      cost = cost.plus(sender.fees().cap().times(OrderExit.gas(OrderStage.REQUESTED)));
    }
    for (OutboxEntry entry : open) {
      if (entry.intent().key().startsWith(MarketTransactions.KEYS)) {
        cost = cost.plus(most(entry.intent(), entry.gasLimit()));
      }
    }
    Wei held = held();
    if (held.compareTo(kept.plus(cost)) < 0) {
      if (binds) {
        throw new ShortOfGasException(
            "the account %s has too little for the gas of another order from its beginning to its end: pay to it"
                .formatted(Eip55.write(account)));
      }
      throw new ShortOfGasException(
          "the account %s must keep %s coins for the gas of its channels and orders and has too little beside them for the market: pay to it"
              .formatted(
                  Eip55.write(account),
                  new BigDecimal(kept.value(), WEI_DECIMALS).stripTrailingZeros().toPlainString()));
    }
  }

  /** What it costs if the base fee rises to the cap before it is in a block. */
  private Wei most(TransactionIntent intent, long gasLimit) {
    return sender.fees().cap().times(gasLimit).plus(intent.value());
  }

  private Wei held() {
    return node.balance(account, BlockRef.LATEST);
  }
}
