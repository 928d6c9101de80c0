package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.Watches;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.tinylog.Logger;

/**
 * What a node's channels watch, and their looks at the chain. Belongs to the node's mailbox; a
 * chain that can't be asked is asked again at its next change.
 */
final class ChainWatch {
  private final Chain chain;
  private final Map<PublicKey, Watches> watches = new HashMap<>();
  private final BiConsumer<PublicKey, ChainView> listener;
  private boolean reachable = true;

  /**
   * @param listener is given what the chain says of what the channel with a peer watches
   */
  ChainWatch(Chain chain, BiConsumer<PublicKey, ChainView> listener) {
    this.chain = chain;
    this.listener = listener;
  }

  /** Watches exactly this for the channel with a peer from now on. */
  void watch(PublicKey peer, Watches wanted) {
    if (wanted.equals(Watches.NONE)) {
      watches.remove(peer);
    } else {
      watches.put(peer, wanted);
    }
  }

  /** Looks for every channel. */
  void look() {
    Map.copyOf(watches).keySet().forEach(this::look);
  }

  /** Looks for the channel with a peer. */
  void look(PublicKey peer) {
    Watches wanted = watches.getOrDefault(peer, Watches.NONE);
    if (wanted.equals(Watches.NONE)) {
      return;
    }
    ChainView view;
    try {
      view = chain.view(wanted.outputs(), wanted.transactions());
    } catch (ChainException e) {
      if (reachable) {
        Logger.warn(
            "the chain can't be asked, asking again at its next change: {}", e.getMessage());
      }
      reachable = false;
      return;
    }
    reachable = true;
    listener.accept(peer, view);
  }

  void broadcast(Transaction transaction, String purpose) {
    try {
      chain.broadcast(transaction);
      Logger.info("published {} {}", purpose, transaction.txid);
    } catch (RejectedException e) {
      Logger.warn("the network refuses {} {}: {}", purpose, transaction.txid, e.getMessage());
    } catch (ChainException e) {
      Logger.warn(
          "{} {} could not be published, trying again at the chain's next change: {}",
          purpose,
          transaction.txid,
          e.getMessage());
    }
  }
}
