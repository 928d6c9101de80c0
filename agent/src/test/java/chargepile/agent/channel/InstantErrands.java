package chargepile.agent.channel;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.codec.RevokedCodec;
import chargepile.agent.channel.tx.Htlc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Carries out a channel's errands at once, against a chain and a wallet. */
public final class InstantErrands {
  private final Chain chain;
  private final Wallet wallet;
  private final Consumer<ChannelEvent.Report> reports;
  private final Map<Long, byte[]> kept = new HashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private Watches watches = Watches.NONE;

  public InstantErrands(Chain chain, Wallet wallet, Consumer<ChannelEvent.Report> reports) {
    this.chain = chain;
    this.wallet = wallet;
    this.reports = reports;
  }

  /** Keeps what the store would keep. */
  public void remember(ChannelAction.Remember revoked) {
    kept.put(revoked.number(), RevokedCodec.encode(revoked.htlcs()));
  }

  public void run(ChannelAction.Errand errand) {
    switch (errand) {
      case ChannelAction.Broadcast(var transaction, _) ->
          publish(() -> chain.broadcast(transaction));
      case ChannelAction.BroadcastPackage(var parent, var child, _) ->
          publish(() -> chain.broadcast(List.of(parent, child)));
      case ChannelAction.BuildFunding(var script, var amount, var feerate) ->
          reports.accept(new ChannelEvent.FundingBuilt(wallet.fund(script, amount, feerate)));
      case ChannelAction.AddFee(var request) -> reports.accept(addFee(request));
      case ChannelAction.Release(var transaction) -> wallet.release(transaction);
      case ChannelAction.Recall(_, long number) ->
          reports.accept(new ChannelEvent.Recalled(number, kept(number)));
      case ChannelAction.Watch(var wanted) -> watches = wanted;
    }
  }

  private ChannelEvent.Report addFee(FeeRequest request) {
    try {
      return new ChannelEvent.FeeAdded(request, wallet.addFee(request));
    } catch (ChainException e) {
      return new ChannelEvent.FeeFailed(request, String.valueOf(e.getMessage()));
    }
  }

  /** What is kept of a revoked commitment. */
  public List<Htlc> remembered(long number) {
    return kept(number);
  }

  private List<Htlc> kept(long number) {
    byte[] bytes = kept.get(number);
    return bytes == null ? List.of() : RevokedCodec.decode(bytes);
  }

  private void publish(Runnable handing) {
    try {
      handing.run();
    } catch (RejectedException e) {
      refusals.add(String.valueOf(e.getMessage()));
    }
  }

  /** Why the chain refused what it refused. */
  public List<String> refusals() {
    return refusals;
  }

  /** What is watched since the last {@link ChannelAction.Watch}. */
  public Watches watches() {
    return watches;
  }

  /** After a restart, what the stored stage wants to know. */
  public void watch(Watches wanted) {
    watches = wanted;
  }

  /** What the chain says now of what is watched. */
  public ChainView view() {
    return chain.view(watches.outputs(), watches.transactions());
  }
}
