package chargepile.agent.chain;

import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Bitcoin chain: what it holds, and a way to add to it. Implementations are thread-safe. */
public interface Chain {
  /** The hash of the genesis block, which names the network (BOLT 2 {@code chain_hash}). */
  BlockHash genesis();

  /**
   * What the chain says of some outputs and transactions.
   *
   * @throws ChainException when the chain can't be asked at the moment
   */
  ChainView view(Set<OutPoint> outputs, Set<TxId> transactions);

  /**
   * Hands a transaction to the network; one that it has already is no error.
   *
   * @throws RejectedException when the transaction is refused, with the node's reason
   * @throws ChainException when the chain can't be asked at the moment
   */
  void broadcast(Transaction transaction);

  /**
   * Hands transactions to the network that pay for each other: unconfirmed parents first, their
   * child last. The child's fee counts for a parent that pays too little to be relayed alone; where
   * the node can't take such a package they are handed over one by one. Those that the network has
   * already are no error.
   *
   * @throws RejectedException when one is refused, with the node's reason; parents that are good by
   *     themselves may have been taken
   * @throws ChainException when the chain can't be asked at the moment
   */
  void broadcast(List<Transaction> transactions);

  /**
   * Calls {@code listener} after every change of tip or mempool, and when the chain can be asked
   * again after an outage, on a thread of the chain's.
   */
  AutoCloseable onChange(Runnable listener);

  /**
   * Announces what {@link #view} will be asked for. A chain that must search its past for what it
   * does not know yet then searches once, with the next view, and not once for every channel: call
   * it at a start with what all channels watch. Never needed, and asks nothing of the network.
   */
  void expect(Set<OutPoint> outputs, Set<TxId> transactions);

  /**
   * Why nothing new should be put at stake although the chain answers, for a person, with what to
   * do. What is at stake already is watched on. Asks nothing of the network.
   */
  default Optional<String> doubt() {
    return Optional.empty();
  }
}
