package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.Watches;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.tinylog.Logger;

/**
 * What a node's channels watch, and their looks at the chain. Belongs to the node's mailbox; a
 * chain that can't be asked is asked again at its next change.
 */
final class ChainWatch {
  private final Chain chain;
  private final Executor chainThread;
  private final Executor mailbox;
  private final Map<PublicKey, Watches> watches = new HashMap<>();
  private final BiConsumer<PublicKey, ChainView> listener;
  private final AtomicInteger asking = new AtomicInteger();

  /** Whether the chain could be asked last time; belongs to the chain's thread. */
  private boolean reachable = true;

  /**
   * A watch of nothing yet.
   *
   * @param chainThread waits for the chain, so that the mailbox never does; one task at a time
   * @param listener is given, on the mailbox, what the chain says of what the channel with a peer
   *     watches
   */
  ChainWatch(
      Chain chain,
      Executor chainThread,
      Executor mailbox,
      BiConsumer<PublicKey, ChainView> listener) {
    this.chain = chain;
    this.chainThread = chainThread;
    this.mailbox = mailbox;
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
    onChainThread(() -> look(peer, wanted));
  }

  private void look(PublicKey peer, Watches wanted) {
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
    mailbox.execute(() -> listener.accept(peer, view));
  }

  /**
   * Asks a wallet for a signed transaction that pays {@code amount} to {@code script}.
   *
   * @param built is given the transaction, on the mailbox
   * @param failed is given why there is none, likewise
   */
  void fund(
      Wallet wallet,
      ByteVector script,
      Satoshi amount,
      Feerate feerate,
      Consumer<Transaction> built,
      Consumer<String> failed) {
    onChainThread(
        () -> {
          try {
            Transaction transaction = wallet.fund(script, amount, feerate);
            mailbox.execute(() -> built.accept(transaction));
          } catch (ChainException e) {
            String reason = String.valueOf(e.getMessage());
            mailbox.execute(() -> failed.accept(reason));
          }
        });
  }

  /** Runs a task on the chain's thread, after those before it. */
  void onChainThread(Runnable task) {
    asking.incrementAndGet();
    chainThread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            mailbox.execute(
                () -> {
                  throw e; // a defect, which ends the node as one on the mailbox does
                });
          } finally {
            asking.decrementAndGet();
          }
        });
  }

  /** Whether nothing is being asked. */
  boolean isIdle() {
    return asking.get() == 0;
  }

  /** Does {@code published} on the mailbox once all that was to be published has been tried. */
  void afterBroadcasts(Runnable published) {
    onChainThread(() -> mailbox.execute(published));
  }

  void broadcast(Transaction transaction, String purpose) {
    onChainThread(() -> publish(transaction, purpose));
  }

  private void publish(Transaction transaction, String purpose) {
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
