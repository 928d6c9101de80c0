package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;

/** Asking the wallet to pay where a transaction can't, and publishing what it paid for. */
final class FeeSteps {
  /** Publishes what is needed, at the feerate that is due now, or asks the wallet for it. */
  void provide(
      Step step, Stage.Closing stage, List<FeeNeed> needs, ChainView view, FeeLadder ladder) {
    for (FeeNeed need : needs) {
      Feerate bid = ladder.bid(need.stake(), need.window(), need.weight());
      Optional<Settlement.Funded> paid = stage.settlement().funded(need.output());
      if (paid.isEmpty()) {
        if (need.bears().filter(parent -> !FeeLadder.raises(parent.feerate(), bid)).isEmpty()) {
          step.wallet(new ChannelAction.AddFee(need.request(bid, Optional.empty())));
        }
        continue;
      }
      if (FeeLadder.raises(paid.get().feerate(), bid)) {
        step.wallet(
            new ChannelAction.AddFee(need.request(bid, paid.map(Settlement.Funded::transaction))));
      }
      if (!view.spends().containsKey(need.output())) {
        publish(step, need, paid.get().transaction());
      }
    }
  }

  /** The wallet paid: its answer is signed and published, unless it came too late. */
  void added(Step step, Stage.Closing stage, List<FeeNeed> needs, ChannelEvent.FeeAdded added) {
    FeeRequest request = added.request();
    OutPoint output = request.template().txIn.getFirst().outPoint;
    Optional<FeeNeed> need =
        needs.stream().filter(each -> each.template().equals(request.template())).findFirst();
    Optional<Transaction> present =
        stage.settlement().funded(output).map(Settlement.Funded::transaction);
    if (need.isEmpty() || !present.equals(request.replaces())) {
      step.wallet(new ChannelAction.Release(added.transaction()));
      return;
    }
    if (!need.get().isWithin(added.transaction())) {
      step.wallet(new ChannelAction.Release(added.transaction()))
          .alert("the wallet changed the transaction that it was to pay for; it is not signed");
      return;
    }
    Transaction signed = need.get().sign().apply(added.transaction());
    step.to(stage.with(stage.settlement().with(new Settlement.Funded(signed, request.feerate()))))
        .store("fee added to the " + need.get().purpose());
    publish(step, need.get(), signed);
  }

  void failed(Step step, Stage.Closing stage, ChannelEvent.FeeFailed failed) {
    OutPoint output = failed.request().template().txIn.getFirst().outPoint;
    if (!stage.settlement().unpaid().contains(output)) {
      step.to(stage.with(stage.settlement().withUnpaid(output)))
          .store("the wallet can't pay a fee")
          .alert(
              "a transaction of channel %s stays unpaid until the wallet has money: %s"
                  .formatted(stage.commitments().channelId(), failed.reason()));
    }
  }

  /** Gives the wallet's money back that is not needed any more. */
  Settlement tidy(Step step, Stage.Closing stage, Findings findings, List<Transaction> parents) {
    Settlement kept = stage.settlement();
    for (Settlement.Funded paid : kept.funded()) {
      Optional<Spend> spend = findings.spend(paid.output());
      boolean own =
          spend.filter(by -> by.transaction().txid.equals(paid.transaction().txid)).isPresent();
      boolean parentMined =
          findings.depth() >= 1 && parents.stream().noneMatch(parent -> isOf(paid, parent));
      boolean takenByAnother = !own && spend.flatMap(Spend::minedAt).isPresent();
      boolean idle = spend.isEmpty() && findings.depth() >= 1 && isChild(paid);
      if (parentMined || takenByAnother || idle) {
        step.wallet(new ChannelAction.Release(paid.transaction()));
        kept = kept.without(paid.output());
      } else if (own && findings.isFinal(spend.get())) {
        kept = kept.without(paid.output());
      }
    }
    return kept;
  }

  /** All that is not in a block, at the end. */
  void releaseAll(Step step, Stage.Closing stage, Findings findings) {
    for (Settlement.Funded paid : stage.settlement().funded()) {
      if (findings.spend(paid.output()).flatMap(Spend::minedAt).isEmpty()) {
        step.wallet(new ChannelAction.Release(paid.transaction()));
      }
    }
  }

  private static boolean isOf(Settlement.Funded paid, Transaction parent) {
    return paid.output().txid.equals(parent.txid);
  }

  /** An HTLC transaction has a relative lock of one block, a child has none. */
  private static boolean isChild(Settlement.Funded paid) {
    return paid.transaction().txIn.getFirst().sequence != 1;
  }

  private static void publish(Step step, FeeNeed need, Transaction signed) {
    need.bears()
        .ifPresentOrElse(
            parent -> step.broadcast(parent.commitment(), signed, need.purpose()),
            () -> step.broadcast(signed, need.purpose()));
  }
}
