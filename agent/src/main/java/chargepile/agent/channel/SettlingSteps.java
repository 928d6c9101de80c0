package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Penalty;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Taking the money home from the chain (BOLT 5; P1-25, P1-34).
 *
 * <p>Works on what the chain says now: whatever a reorganisation undoes is simply done again.
 */
final class SettlingSteps {
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final int finalDepth;
  private final Transactions transactions;

  SettlingSteps(ChannelContext context, Transactions transactions) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.finalDepth = context.settings().finalDepth();
    this.transactions = transactions;
  }

  /**
   * An output that is ours to take.
   *
   * @param minimumDepth confirmations of its transaction after which the next block may hold {@code
   *     transaction} (BIP 68)
   * @param transaction the one that takes it; empty when it is not worth its fee
   */
  private record Claim(
      OutPoint output, int minimumDepth, Optional<Transaction> transaction, String purpose) {}

  /** Publishes the own commitment, on the own wish or because the peer left the rules. */
  void publish(Step step, Stage.Funded stage, String reason) {
    Commitments marked = markPublished(stage.commitments());
    step.to(new Stage.Closing(marked, ending(stage), Optional.empty(), true, Optional.empty()))
        .store("unilateral close: " + reason)
        .send(new ErrorMessage(marked.channelId(), reason))
        .broadcast(signedLocal(marked), "own commitment transaction")
        .tell(new ChannelNotice.Ending(reason));
  }

  /** The funding output of a channel that was not closing is spent. */
  void spent(Step step, Stage.Funded stage, Spend spend, ChainView view) {
    boolean mayPublish = !(stage instanceof Stage.DataLost);
    var closing =
        new Stage.Closing(
            stage.commitments(), ending(stage), Optional.empty(), mayPublish, Optional.empty());
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
      publishAgain(step, stage);
      return;
    }
    Transaction spending = spend.get().transaction();
    FundingSpend kind = FundingSpend.classify(stage, spending, transactions, signer);
    if (!stage.seen().equals(Optional.of(spending))) {
      step.to(
              new Stage.Closing(
                  stage.commitments(),
                  stage.ending(),
                  stage.mutual(),
                  stage.mayPublish(),
                  Optional.of(spending)))
          .store("funding output spent by " + describe(kind));
      alertIfHostile(step, stage, kind, spending);
    }
    int depth = spend.get().depthAt(view.tip());
    List<Claim> claims = claims(stage.commitments(), spending, kind, feerate(view));
    boolean settled = depth >= finalDepth;
    boolean lost = false;
    for (Claim claim : claims) {
      Spend taken = view.spends().get(claim.output());
      if (taken != null) {
        settled &= taken.depthAt(view.tip()) >= finalDepth;
        lost |= !isHome(taken.transaction());
      } else {
        settled &= claim.transaction().isEmpty();
      }
      if (depth >= claim.minimumDepth()) {
        claim
            .transaction()
            .filter(transaction -> isDue(claim, transaction, taken, spending))
            .ifPresent(transaction -> step.broadcast(transaction, claim.purpose()));
      }
    }
    if (settled) {
      Outcome outcome = outcome(kind, lost);
      step.to(new Stage.Closed(outcome, describe(kind), Optional.of(stage.commitments())))
          .store("settled: " + outcome)
          .tell(new ChannelNotice.Closed(outcome));
    }
  }

  /** Not yet spent, or spent by an own transaction that waits with a fee now too low (BIP 125). */
  private boolean isDue(
      Claim claim, Transaction transaction, @Nullable Spend taken, Transaction spending) {
    if (taken == null) {
      return true;
    }
    if (taken.minedAt().isPresent() || !isHome(taken.transaction())) {
      return false;
    }
    long value = spending.txOut.get(Math.toIntExact(claim.output().index)).amount.toLong();
    long paid = value - taken.transaction().txOut.getFirst().amount.toLong();
    long offered = value - transaction.txOut.getFirst().amount.toLong();
    // At least a quarter more, and for its own relay too: a bid that changes something.
    return offered >= paid + paid / 4 && offered - paid >= transaction.weight() / 4 + 1;
  }

  /**
   * At the present feerate or, where that leaves nothing, at the lowest that is relayed: what costs
   * too much today may be taken tomorrow, and is not given up.
   */
  private static Optional<Transaction> worthwhile(
      Feerate present, Function<Feerate, Optional<Transaction>> build) {
    return build.apply(present).or(() -> build.apply(Feerate.MINIMUM_RELAY));
  }

  private void publishAgain(Step step, Stage.Closing stage) {
    boolean publishes = stage.mutual().isEmpty() && stage.mayPublish();
    Commitments now = publishes ? markPublished(stage.commitments()) : stage.commitments();
    if (stage.seen().isPresent()) {
      step.store("the spending of the funding output was undone");
    }
    step.to(
        new Stage.Closing(
            now, stage.ending(), stage.mutual(), stage.mayPublish(), Optional.empty()));
    stage.mutual().ifPresent(mutual -> step.broadcast(mutual, "closing transaction"));
    if (publishes) {
      step.broadcast(signedLocal(now), "own commitment transaction");
    }
  }

  private Transaction signedLocal(Commitments now) {
    CommitmentTransaction own = transactions.local(now);
    return own.signed(
        signer.sign(own.fundingDigest(), keys.funding()), now.local().remoteSignature());
  }

  private List<Claim> claims(
      Commitments now, Transaction spending, FundingSpend kind, Feerate feerate) {
    return switch (kind) {
      case FundingSpend.Mutual mutual -> List.of();
      case FundingSpend.Ours ours -> own(now, ours.commitment(), feerate);
      case FundingSpend.Theirs theirs -> toRemote(spending, theirs.commitment().outputs(), feerate);
      case FundingSpend.Unknown unknown -> toRemote(spending, unknown.outputs(), feerate);
      case FundingSpend.Revoked revoked -> {
        List<Claim> claims = new ArrayList<>(penalties(spending, revoked, feerate));
        claims.addAll(toRemote(spending, revoked.outputs(), feerate));
        yield claims;
      }
    };
  }

  private List<Claim> own(Commitments now, CommitmentTransaction own, Feerate feerate) {
    return own.toLocal().stream()
        .map(
            output -> {
              PrivateKey key =
                  KeyDerivation.derivePrivateKey(
                      keys.delayedBase(),
                      keys.perCommitmentPoint(now.local().number(), signer),
                      signer);
              return new Claim(
                  new OutPoint(own.transaction(), output.index()),
                  own.params().toSelfDelay(),
                  worthwhile(feerate, rate -> Sweep.toLocal(own, key, home, rate, signer)),
                  "sweep of the own delayed output");
            })
        .toList();
  }

  private List<Claim> toRemote(
      Transaction spending, List<CommitmentOutput> outputs, Feerate feerate) {
    return outputs.stream()
        .filter(CommitmentOutput.ToRemote.class::isInstance)
        .map(
            output ->
                new Claim(
                    new OutPoint(spending, output.index()),
                    1,
                    worthwhile(
                        feerate,
                        rate ->
                            Sweep.toRemote(
                                spending, List.of(output), keys.paymentBase(), home, rate, signer)),
                    "sweep from the peer's commitment"))
        .toList();
  }

  private List<Claim> penalties(
      Transaction spending, FundingSpend.Revoked revoked, Feerate feerate) {
    PrivateKey key =
        KeyDerivation.revocationPrivateKey(keys.revocationBase(), revoked.secret(), signer);
    return revoked.outputs().stream()
        .filter(CommitmentOutput.ToLocal.class::isInstance)
        .map(
            output ->
                new Claim(
                    new OutPoint(spending, output.index()),
                    0,
                    worthwhile(
                        feerate,
                        rate ->
                            Penalty.of(
                                spending,
                                List.of(output),
                                key,
                                Optional.empty(),
                                home,
                                rate,
                                signer)),
                    "breach remedy transaction"))
        .toList();
  }

  private boolean isHome(Transaction transaction) {
    return transaction.txOut.stream().anyMatch(output -> output.publicKeyScript.equals(home));
  }

  private static Feerate feerate(ChainView view) {
    return view.feerate().compareTo(Feerate.MINIMUM_RELAY) < 0
        ? Feerate.MINIMUM_RELAY
        : view.feerate();
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

  private static String describe(FundingSpend kind) {
    return switch (kind) {
      case FundingSpend.Mutual mutual -> "the closing transaction";
      case FundingSpend.Ours ours -> "the own commitment transaction";
      case FundingSpend.Theirs theirs ->
          "the peer's commitment transaction " + theirs.commitment().number();
      case FundingSpend.Revoked revoked ->
          "the peer's revoked commitment transaction " + revoked.number();
      case FundingSpend.Unknown unknown -> "an unknown transaction";
    };
  }

  private static Outcome outcome(FundingSpend kind, boolean lost) {
    return switch (kind) {
      case FundingSpend.Mutual mutual -> Outcome.COOPERATIVE_CLOSE;
      case FundingSpend.Ours ours -> Outcome.UNILATERAL_CLOSE;
      case FundingSpend.Theirs theirs -> Outcome.UNILATERAL_CLOSE;
      case FundingSpend.Revoked revoked -> lost ? Outcome.BREACH_LOST : Outcome.BREACH_REMEDIED;
      case FundingSpend.Unknown unknown -> Outcome.UNKNOWN_CLOSE;
    };
  }
}
