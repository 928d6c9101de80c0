package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import java.util.Optional;

/**
 * The EVM chain that a node's voucher channels stand on. Its methods wait for the network; the node
 * calls them on one thread.
 */
public interface VoucherLedger {
  /**
   * What the contract holds of a channel, as of the latest block and as of the last final one.
   *
   * @throws ChainException when that can't be asked now
   */
  ChainView view(VoucherSetup channel);

  /**
   * Begins what a channel asks for; never {@link VoucherAction.Watch}. An errand is given again
   * until a view shows its effect, also after a restart: one that equals another under way sends no
   * second transaction.
   *
   * @return what came of it, where that is known and no view shows it
   * @throws RejectedException when the contract refuses it
   * @throws ChainException when it can't be begun now
   */
  Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand);

  /**
   * Tells of every new block, on a thread of its own.
   *
   * @return closing it ends that
   */
  AutoCloseable onChange(Runnable listener);
}
