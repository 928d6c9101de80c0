package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.channel.Watches;
import chargepile.agent.runtime.Handovers.Handover;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.store.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * What a node's channels want of chain, wallet and store. Belongs to the node's mailbox; what waits
 * for the chain waits on a thread of its own.
 */
final class Errands {
  private final Wallet wallet;
  private final NodeStore store;
  private final ChainThread chainThread;
  private final Executor mailbox;
  private final ChainReports reports;
  private final ChainWatch watch;

  /**
   * No errand and no watch yet.
   *
   * @param thread waits for chain and wallet, one task at a time
   */
  Errands(
      Chain chain,
      Wallet wallet,
      NodeStore store,
      Executor thread,
      Executor mailbox,
      Time time,
      ChainReports reports) {
    this.wallet = wallet;
    this.store = store;
    this.chainThread = new ChainThread(thread, mailbox);
    this.mailbox = mailbox;
    this.reports = reports;
    this.watch =
        new ChainWatch(chain, chainThread, mailbox, time, new Handovers(store::sent), reports);
  }

  /**
   * Begins what the channel with a peer asks for.
   *
   * @param commit the number of the commit that holds what is {@link #published}
   */
  void run(long commit, PublicKey peer, LegAction.Errand errand) {
    switch (errand) {
      case LegAction.OnBitcoin(var wanted) -> run(commit, peer, wanted);
      case LegAction.OnEvm(var wanted) ->
          throw new IllegalArgumentException("on Bitcoin nothing can be done of " + wanted);
    }
  }

  private void run(long commit, PublicKey peer, ChannelAction.Errand errand) {
    switch (errand) {
      case ChannelAction.Broadcast(Transaction transaction, String purpose) ->
          watch.hand(commit, Handover.of(purpose, transaction));
      case ChannelAction.BroadcastPackage(Transaction parent, Transaction child, String purpose) ->
          watch.hand(commit, Handover.of(purpose, parent, child));
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
        mailbox.execute(() -> reports.of(peer, recalled));
      }
      case ChannelAction.Watch(Watches wanted) -> {
        watch.watch(peer, wanted);
        mailbox.execute(watch::look); // after all that the same transition asks for
      }
    }
  }

  /** Looks at the chain for every channel. */
  void look() {
    watch.look();
  }

  private interface Asking {
    ChannelEvent.Report answer();
  }

  private interface Failing {
    ChannelEvent.Report because(String reason);
  }

  private void ask(PublicKey peer, Asking asking, Failing failing) {
    chainThread.execute(
        () -> {
          ChannelEvent.Report report;
          try {
            report = asking.answer();
          } catch (ChainException e) {
            report = failing.because(String.valueOf(e.getMessage()));
          }
          ChannelEvent.Report answer = report;
          mailbox.execute(() -> reports.of(peer, answer));
        });
  }

  private void release(Transaction transaction) {
    chainThread.execute(
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

  /** Publishes what may not have reached the chain in the last run; before all else. */
  void resume(Snapshot snapshot) {
    List<NodeStore.Unsent> unsent = NodeStore.unsent(snapshot);
    List<Transaction> transactions =
        unsent.stream().flatMap(left -> left.handover().transactions().stream()).toList();
    unsent.forEach(left -> watch.hand(left.commit(), left.handover()));
    chainThread.execute(() -> resumeWallet(transactions));
  }

  private void resumeWallet(List<Transaction> unsent) {
    try {
      wallet.resume(unsent);
    } catch (ChainException e) {
      Logger.warn(
          "coins that the last run reserved may stay so until they are needed: {}", e.getMessage());
    }
  }

  /** Begins to look at the chain, now that it is known what all channels watch. */
  void begin() {
    watch.announce();
    watch.look();
  }

  /** What an errand publishes; to be stored before it is carried out. */
  static Stream<Transaction> published(LegAction.Errand errand) {
    return switch (errand) {
      case LegAction.OnBitcoin(var wanted) -> published(wanted);
      case LegAction.OnEvm _ -> Stream.empty(); // its transactions are the client's own business
    };
  }

  private static Stream<Transaction> published(ChannelAction.Errand errand) {
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

  /** Whether nothing is being asked. */
  boolean isIdle() {
    return chainThread.isIdle();
  }

  /** Asks nothing more by itself. */
  void close() {
    watch.close();
  }
}
