package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;

/**
 * The market's contracts on an EVM chain, for one account. Its methods wait for the network; the
 * node calls them on one thread.
 */
public interface MarketLedger {
  /**
   * What the chain shows of the market now: of one block, which is no earlier than any in which an
   * action that is under way no more took effect, also when a node lags behind.
   *
   * @throws ChainException when that can't be asked now
   */
  MarketView view();

  /**
   * Begins an action, once it is on disk. One that is under way already sends no second
   * transaction; one of the same key that has ended may be begun anew, as what it did may have been
   * undone. It brings along what the action needs: a permit for what goes into escrow, the own
   * signature, the meter's.
   *
   * @throws RejectedException when a contract refuses it; nothing was begun then
   * @throws ChainException when it can't be begun now
   */
  void carryOut(DeskAction action);

  /** The own signature of what a channel has paid for an order; asks nobody. */
  ByteVector receipt(OrderKey order, Amount paid);

  /** Whether a receipt of an order is signed by its seller; asks nobody. */
  boolean isReceipt(OrderView order, Amount paid, ByteVector signature);

  /**
   * Tells of every new block, on a thread of its own.
   *
   * @return closing it ends that
   */
  AutoCloseable onChange(Runnable listener);
}
