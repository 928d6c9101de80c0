package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tinylog.Logger;

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
   * What somebody who may lie shows of a channel's end that {@link #view} does not show: {@link
   * OnLedger.Closing} or {@link OnLedger.Settled}, of which no payouts are told. It may be acted on
   * where that does no harm.
   *
   * @throws ChainException when that can't be asked now
   */
  default List<OnLedger> hints(VoucherSetup channel) {
    return List.of();
  }

  /** Why what {@link #view} says may be old though it says it; empty for none. Does not wait. */
  default Optional<String> doubt() {
    return Optional.empty();
  }

  /**
   * Begins what a channel asks for; never {@link VoucherAction.Watch}. An errand is given again
   * until a view shows its effect, also after a restart: one that equals another under way sends no
   * second transaction. That a channel exists already is no refusal of its opening, nor is any
   * other effect that is there already of what asks for it.
   *
   * @return what came of it, where that is known and no view shows it: an opening that is said to
   *     have failed is not on the chain, and no transaction that this ledger knows of will open it
   * @throws RejectedException when the contract refuses it
   * @throws ChainException when it can't be begun now
   */
  Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand);

  /**
   * Asks what may take long, and keeps nothing else waiting where it can.
   *
   * @param answer is given what came of it, once and on any thread; empty: it could not be asked
   */
  default void ask(
      VoucherAction.AskPreimage question, Consumer<Optional<VoucherEvent.Report>> answer) {
    Optional<VoucherEvent.Report> said = Optional.empty();
    try {
      said = carryOut(question);
    } catch (ChainException e) {
      Logger.warn("what the chain knows of a lock is asked again: {}", e.getMessage());
    } catch (RuntimeException e) {
      Logger.error(e, "what the chain knows of a lock can't be asked, and is tried again");
    }
    answer.accept(said);
  }

  /**
   * Tells of every new block, on a thread of its own.
   *
   * @return closing it ends that
   */
  AutoCloseable onChange(Runnable listener);
}
