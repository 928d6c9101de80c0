package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.channel.Watches;
import chargepile.agent.store.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * What a node's channels want of chain, wallet and store. Belongs to the node's mailbox; what waits
 * for the chain waits on a thread of its own. A chain that can't be asked is asked again at its
 * next change.
 */
final class Errands {
  private final Chain chain;
  private final Wallet wallet;
  private final NodeStore store;
  private final Executor chainThread;
  private final Executor mailbox;
  private final BiConsumer<PublicKey, ChannelEvent.Report> reports;
  private final Map<PublicKey, Watches> watches = new HashMap<>();
  private final AtomicInteger asking = new AtomicInteger();

  /** Whether the chain could be asked last time; belongs to the chain's thread. */
  private boolean reachable = true;

  /**
   * No errand and no watch yet.
   *
   * @param chainThread waits for chain and wallet, so that the mailbox never does; one task at a
   *     time
   * @param reports is given, on the mailbox, what came of the errands of the channel with a peer
   */
  Errands(
      Chain chain,
      Wallet wallet,
      NodeStore store,
      Executor chainThread,
      Executor mailbox,
      BiConsumer<PublicKey, ChannelEvent.Report> reports) {
    this.chain = chain;
    this.wallet = wallet;
    this.store = store;
    this.chainThread = chainThread;
    this.mailbox = mailbox;
    this.reports = reports;
  }

  /** Begins what the channel with a peer asks for. */
  void run(PublicKey peer, ChannelAction.Errand errand) {
    switch (errand) {
      case ChannelAction.Broadcast(Transaction transaction, String purpose) ->
          broadcast(transaction, purpose);
      case ChannelAction.BroadcastPackage(Transaction parent, Transaction child, String purpose) ->
          onChainThread(
              () ->
                  publish(
                      () -> chain.broadcast(List.of(parent, child)),
                      "%s %s with %s".formatted(purpose, parent.txid, child.txid)));
      case ChannelAction.BuildFunding(var script, var amount, var feerate) ->
          ask(
              peer,
              () -> new ChannelEvent.FundingBuilt(wallet.fund(script, amount, feerate)),
              ChannelEvent.FundingFailed::new);
      case ChannelAction.AddFee(FeeRequest request) ->
          ask(
              peer,
              () -> new ChannelEvent.FeeAdded(request, wallet.addFee(request)),
              reason -> new ChannelEvent.FeeFailed(request, reason));
      case ChannelAction.Release(Transaction transaction) -> release(transaction);
      case ChannelAction.Recall(var channel, long number) -> {
        var recalled = new ChannelEvent.Recalled(number, store.revoked(channel, number));
        mailbox.execute(() -> reports.accept(peer, recalled));
      }
      case ChannelAction.Watch(Watches wanted) -> {
        watch(peer, wanted);
        mailbox.execute(() -> look(peer)); // after all that the same transition asks for
      }
    }
  }

  private void watch(PublicKey peer, Watches wanted) {
    if (wanted.equals(Watches.NONE)) {
      watches.remove(peer);
    } else {
      watches.put(peer, wanted);
    }
  }

  /** Looks at the chain for every channel. */
  void look() {
    Map.copyOf(watches).keySet().forEach(this::look);
  }

  private void look(PublicKey peer) {
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
    mailbox.execute(() -> reports.accept(peer, new ChannelEvent.ChainChanged(view)));
  }

  private interface Asking {
    ChannelEvent.Report answer();
  }

  private interface Failing {
    ChannelEvent.Report because(String reason);
  }

  private void ask(PublicKey peer, Asking asking, Failing failing) {
    onChainThread(
        () -> {
          ChannelEvent.Report report;
          try {
            report = asking.answer();
          } catch (ChainException e) {
            report = failing.because(String.valueOf(e.getMessage()));
          }
          ChannelEvent.Report answer = report;
          mailbox.execute(() -> reports.accept(peer, answer));
        });
  }

  private void release(Transaction transaction) {
    onChainThread(
        () -> {
          try {
            wallet.release(transaction);
          } catch (ChainException e) {
            Logger.warn(
                "the wallet did not take back the inputs of {}; they stay reserved until it starts"
                    + " again: {}",
                transaction.txid,
                e.getMessage());
          }
        });
  }

  /** Hands a transaction to the chain. */
  void broadcast(Transaction transaction, String purpose) {
    onChainThread(
        () ->
            publish(
                () -> chain.broadcast(transaction), "%s %s".formatted(purpose, transaction.txid)));
  }

  private static void publish(Runnable handing, String what) {
    try {
      handing.run();
      Logger.info("published {}", what);
    } catch (RejectedException e) {
      Logger.warn("the network refuses {}: {}", what, e.getMessage());
    } catch (ChainException e) {
      Logger.warn(
          "{} could not be published, trying again at the chain's next change: {}",
          what,
          e.getMessage());
    }
  }

  /** Publishes what may not have reached the chain in the last run, and looks for every channel. */
  void resume(Snapshot snapshot) {
    NodeStore.unsentTransactions(snapshot)
        .forEach(transaction -> broadcast(transaction, "transaction of the last run"));
    afterBroadcasts(() -> store.sent(snapshot.journalSequence()));
    look();
  }

  static boolean publishes(ChannelAction.Errand errand) {
    return published(errand).findAny().isPresent();
  }

  /** What an errand publishes; to be stored before it is carried out. */
  static Stream<Transaction> published(ChannelAction.Errand errand) {
    return switch (errand) {
      case ChannelAction.Broadcast(Transaction transaction, _) -> Stream.of(transaction);
      case ChannelAction.BroadcastPackage(Transaction parent, Transaction child, _) ->
          Stream.of(parent, child);
      case ChannelAction.BuildFunding _,
          ChannelAction.AddFee _,
          ChannelAction.Release _,
          ChannelAction.Recall _,
          ChannelAction.Watch _ ->
          Stream.empty();
    };
  }

  /** Does {@code published} on the mailbox once all that was to be published has been tried. */
  void afterBroadcasts(Runnable published) {
    onChainThread(() -> mailbox.execute(published));
  }

  /** Whether nothing is being asked. */
  boolean isIdle() {
    return asking.get() == 0;
  }

  private void onChainThread(Runnable task) {
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
}
