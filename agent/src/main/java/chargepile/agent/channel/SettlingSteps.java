package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Taking the money home from the chain (BOLT 5; P1-25, P1-34).
 *
 * <p>Works on what the chain says now: whatever a reorganisation undoes is simply done again.
 */
final class SettlingSteps {
  private final ChannelContext context;
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final ChannelSettings settings;
  private final Transactions transactions;
  private final FeeSteps fees = new FeeSteps();

  SettlingSteps(ChannelContext context, Transactions transactions) {
    this.context = context;
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.settings = context.settings();
    this.transactions = transactions;
  }

  /** Publishes the own commitment, on the own wish or because the peer left the rules. */
  void publish(Step step, Stage.Funded stage, String reason) {
    Commitments marked = markPublished(HtlcSteps.lapseUnsigned(step, stage.commitments()));
    step.to(new Stage.Closing(marked, ending(stage), Optional.empty(), true))
        .store("unilateral close: " + reason)
        .send(new ErrorMessage(marked.channelId(), reason))
        .broadcast(own(marked).signed(), "own commitment transaction")
        .tell(new ChannelNotice.Ending(reason));
  }

  /** The funding output of a channel that was not closing is spent. */
  void spent(Step step, Stage.Funded stage, Spend spend, ChainView view) {
    boolean mayPublish = !(stage instanceof Stage.DataLost);
    Commitments now = HtlcSteps.lapseUnsigned(step, stage.commitments());
    var closing = new Stage.Closing(now, ending(stage), Optional.empty(), mayPublish);
    step.to(closing).tell(new ChannelNotice.Ending("the funding output is spent on the chain"));
    settle(step, closing, Optional.of(spend), view);
  }

  /** The closing transactions that were signed stay valid, whatever is published. */
  private static Optional<Stage.Ending> ending(Stage.Funded stage) {
    return switch (stage) {
      case Stage.Normal normal -> normal.closing();
      case Stage.Closing closing -> closing.ending();
      case Stage.AwaitingReady waiting -> Optional.empty();
      case Stage.DataLost lost -> Optional.empty();
    };
  }

  private static Commitments markPublished(Commitments now) {
    return now.withSigning(now.signing().publishLocal(now.local().number()));
  }

  void settle(Step step, Stage.Closing stage, Optional<Spend> spend, ChainView view) {
    if (spend.isEmpty()) {
      publishAgain(step, stage, view);
      return;
    }
    Transaction spending = spend.get().transaction();
    FundingSpend kind = FundingSpend.classify(stage, spending, transactions, signer);
    Stage.Closing now = stage;
    if (!stage.seen().equals(Optional.of(spending))) {
      now = stage.seeing(Optional.of(spending));
      step.to(now).store("funding output spent by " + kind.title());
      alertIfHostile(step, now, kind, spending);
    }
    if (kind instanceof FundingSpend.Revoked revoked && !revoked.htlcsKnown()) {
      // One transaction is to take all there is, so nothing is taken before it is known what.
      step.wallet(new ChannelAction.Recall(now.commitments().channelId(), revoked.number()));
      return;
    }
    Findings findings = new Findings(view, spend.get().depthAt(view.tip()), settings.finalDepth());
    gather(findings, now.commitments(), kind, spend.get());
    now = remember(step, now, findings, spending);
    FeeLadder ladder = ladder(view);
    List<Transaction> parents = parents(spending, findings);
    new Bidding(step, view, ladder, home, parents).bid(findings.claims());
    fees.provide(step, now, findings.needs(), view, ladder);
    if (findings.settled()) {
      end(step, now, kind, spend.get(), findings);
    }
  }

  private void gather(Findings findings, Commitments now, FundingSpend kind, Spend spend) {
    Transaction spending = spend.transaction();
    switch (kind) {
      case FundingSpend.Mutual mutual -> {}
      case FundingSpend.Ours ours ->
          new OwnCommitment(context, now, ours.commitment()).gather(findings);
      case FundingSpend.Theirs theirs ->
          new TheirCommitment(context, now, theirs.commit(), theirs.commitment(), spending)
              .gather(findings);
      case FundingSpend.Unknown unknown ->
          TheirCommitment.balance(
              findings, spending, unknown.outputs(), keys.paymentBase(), home, signer);
      case FundingSpend.Revoked revoked ->
          new RevokedCommitment(context, now, revoked, spending).gather(findings, spend.minedAt());
    }
    if (!(kind instanceof FundingSpend.Mutual)) {
      outOfReach(findings, now, kind).forEach(htlc -> findings.returned(htlc.id()));
    }
  }

  /** The own HTLCs that the peer can't take any more: at the end all that it did not take. */
  private static List<Htlc> outOfReach(Findings findings, Commitments now, FundingSpend kind) {
    List<Htlc> offered = now.offeredHtlcs();
    if (findings.settled()) {
      return offered;
    }
    return findings.isFinal() ? kind.absent(offered) : List.of();
  }

  /** Tells what became of own HTLCs, and keeps what is to be watched from now on. */
  private Stage.Closing remember(
      Step step, Stage.Closing stage, Findings findings, Transaction spending) {
    List<Transaction> parents = parents(spending, findings);
    Settlement next =
        fees.tidy(step, stage, findings, parents).withSecondStages(findings.secondStages());
    for (Map.Entry<Long, ByteVector32> shown : findings.revealed().entrySet()) {
      if (isOpen(stage, next, shown.getKey())) {
        next = next.withTold(shown.getKey());
        step.tell(new ChannelNotice.HtlcFulfilled(shown.getKey(), shown.getValue()));
      }
    }
    for (long id : findings.returned()) {
      if (isOpen(stage, next, id)) {
        next = next.withTold(id);
        step.tell(new ChannelNotice.HtlcFailed(id, TIMED_OUT));
      }
    }
    if (next.equals(stage.settlement())) {
      return stage;
    }
    Stage.Closing kept = stage.with(next);
    step.to(kept).store("settling");
    return kept;
  }

  /** What the payer is told of an HTLC that came back on the chain. */
  private static final ByteVector TIMED_OUT =
      new ByteVector("timed out on the chain".getBytes(java.nio.charset.StandardCharsets.UTF_8));

  /** Whether an own HTLC was still open when the commitment was published, and its end not told. */
  private static boolean isOpen(Stage.Closing stage, Settlement settlement, long id) {
    List<ByteVector32> known = stage.commitments().preimages();
    return !settlement.told().contains(id)
        && stage.commitments().offeredHtlcs().stream()
            .filter(htlc -> htlc.id() == id)
            .anyMatch(htlc -> known.stream().noneMatch(htlc::isPaidBy));
  }

  private void end(
      Step step, Stage.Closing stage, FundingSpend kind, Spend spend, Findings findings) {
    boolean lost = findings.lost().value() > 0;
    Outcome outcome = kind.outcome(lost);
    fees.releaseAll(step, stage, findings);
    if (lost) {
      step.alert(
          "BREACH LOST: the peer took %,d sat from channel %s: its %s was mined at height %d, and no breach remedy in the %d blocks (to_self_delay) that followed"
              .formatted(
                  findings.lost().value(),
                  stage.commitments().channelId(),
                  kind.title(),
                  spend.minedAt().map(BlockHeight::value).orElseThrow(),
                  stage.commitments().setup().remote().toSelfDelay()));
    }
    step.to(new Stage.Closed(outcome, kind.title(), Optional.of(stage.commitments())))
        .store("settled: " + outcome)
        .tell(new ChannelNotice.Closed(outcome, kind.allocation(stage.commitments())));
  }

  /** What was kept of a revoked commitment: from now on its outputs can be told and taken. */
  void recalled(Step step, Stage.Closing stage, ChannelEvent.Recalled recalled) {
    if (!stage.settlement().recalled().equals(Optional.of(recalled))) {
      Stage.Closing next = stage.with(stage.settlement().with(recalled));
      step.to(next)
          .store("the HTLCs of revoked commitment %d recalled".formatted(recalled.number()))
          .wallet(new ChannelAction.Watch(Watching.of(next))); // to look again, now knowing
    }
  }

  void feeAdded(Step step, Stage.Closing stage, ChannelEvent.FeeAdded added) {
    fees.added(step, stage, askable(stage), added);
  }

  void feeFailed(Step step, Stage.Closing stage, ChannelEvent.FeeFailed failed) {
    fees.failed(step, stage, failed);
  }

  /** All that the wallet may have been asked to pay for in this stage. */
  private List<FeeNeed> askable(Stage.Closing stage) {
    if (stage.seen().isEmpty()) {
      return stage.mayPublish() && stage.mutual().isEmpty()
          ? own(stage.commitments()).askable()
          : List.of();
    }
    Transaction spending = stage.seen().get();
    return switch (FundingSpend.classify(stage, spending, transactions, signer)) {
      case FundingSpend.Ours ours ->
          new OwnCommitment(context, stage.commitments(), ours.commitment()).askable();
      case FundingSpend.Theirs theirs ->
          new TheirCommitment(
                  context, stage.commitments(), theirs.commit(), theirs.commitment(), spending)
              .askable();
      case FundingSpend.Mutual mutual -> List.of();
      case FundingSpend.Revoked revoked -> List.of();
      case FundingSpend.Unknown unknown -> List.of();
    };
  }

  private void publishAgain(Step step, Stage.Closing stage, ChainView view) {
    boolean publishes = stage.mutual().isEmpty() && stage.mayPublish();
    Commitments commitments = publishes ? markPublished(stage.commitments()) : stage.commitments();
    if (stage.seen().isPresent()) {
      step.store("the spending of the funding output was undone");
    }
    Stage.Closing now = stage.with(commitments).seeing(Optional.empty());
    step.to(now);
    stage.mutual().ifPresent(mutual -> step.broadcast(mutual, "closing transaction"));
    if (publishes) {
      OwnCommitment own = own(commitments);
      List<FeeNeed> child = own.child(view.tip()).stream().toList();
      if (child.stream().allMatch(need -> now.settlement().funded(need.output()).isEmpty())) {
        step.broadcast(own.signed(), "own commitment transaction");
      }
      fees.provide(step, now, child, view, ladder(view));
    }
  }

  private OwnCommitment own(Commitments now) {
    return new OwnCommitment(context, now, transactions.local(now));
  }

  private FeeLadder ladder(ChainView view) {
    return new FeeLadder(view.feerate(), settings.feerate().maximum());
  }

  private static List<Transaction> parents(Transaction spending, Findings findings) {
    List<Transaction> parents = new ArrayList<>(findings.secondStages());
    parents.add(spending);
    return parents;
  }

  private static void alertIfHostile(
      Step step, Stage.Closing stage, FundingSpend kind, Transaction spending) {
    if (kind instanceof FundingSpend.Revoked revoked) {
      step.alert(
          "BREACH: the peer published revoked commitment %d of channel %s (transaction %s); taking all of it"
              .formatted(revoked.number(), stage.commitments().channelId(), spending.txid));
    } else if (kind instanceof FundingSpend.Unknown) {
      step.alert(
          "the funding output of channel %s was spent by %s, which this store does not know: it may be older than the channel"
              .formatted(stage.commitments().channelId(), spending.txid));
    }
  }
}
