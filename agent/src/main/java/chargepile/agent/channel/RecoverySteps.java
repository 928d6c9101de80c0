package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.channel.wire.ChannelReestablish;
import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * A channel of which only the static part is left (BOLT 2, data loss): the peer is asked to close
 * it, and what any commitment pays this side is taken home. Nothing here can publish a commitment:
 * there is none to publish.
 */
final class RecoverySteps {
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final ChannelSettings settings;
  private final Transactions transactions;

  RecoverySteps(ChannelContext context, Transactions transactions) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.settings = context.settings();
    this.transactions = transactions;
  }

  /**
   * What this side says first on a new link: no channel is at these numbers, so that the peer sees
   * the loss even where nothing was ever paid.
   */
  ChannelReestablish say(StaticChannel kept) {
    return new ChannelReestablish(
        kept.id(), 0, 0, ByteVector32.Zeroes, keys.perCommitmentPoint(0, signer));
  }

  /** Whatever numbers the peer has: it is to close. */
  void heard(Step step, Stage.Recovering stage) {
    step.to(Link.UP)
        .store("peer asked to close")
        .send(
            new ErrorMessage(
                stage.kept().id(), "this side lost its data and can't publish: please close"));
  }

  /** The chain has something to say of the funding output. */
  void look(Step step, Stage.Recovering stage, ChainView view) {
    Optional<Spend> spend = Optional.ofNullable(view.spends().get(stage.kept().funding()));
    if (spend.isEmpty()) {
      if (stage.seen().isPresent()) {
        step.to(stage.seeing(Optional.empty()))
            .store("the spending of the funding output was undone");
      }
      return;
    }
    Transaction spending = spend.get().transaction();
    Found found = found(stage.kept(), spending);
    if (!stage.seen().equals(Optional.of(spending))) {
      step.to(stage.seeing(Optional.of(spending)))
          .store("funding output spent by " + found.title())
          .alert(found.told(stage.kept(), spending));
    }
    Findings findings = new Findings(view, spend.get().depthAt(view.tip()), settings.finalDepth());
    gather(findings, stage.kept(), found, spending);
    FeeLadder ladder = new FeeLadder(view.feerate(), settings.feerate().maximum());
    new Bidding(step, view, ladder, home, List.of(spending)).bid(findings.claims());
    if (findings.settled()) {
      step.to(Stage.Closed.recovered(found.title(), stage.kept()))
          .store("settled: " + Outcome.RECOVERED)
          .tell(new ChannelNotice.Closed(Outcome.RECOVERED, Optional.empty()));
    }
  }

  private void gather(Findings findings, StaticChannel kept, Found found, Transaction spending) {
    switch (found) {
      case Found.Theirs theirs ->
          TheirCommitment.balance(
              findings, spending, theirs.outputs(), keys.paymentBase(), home, signer);
      case Found.Ours ours ->
          findings.claim(
              new Claim(
                  List.of(new OutPoint(spending, ours.balance().index())),
                  ours.balance().amount(),
                  findings.depth() >= kept.setup().local().toSelfDelay(),
                  Optional.empty(),
                  rate ->
                      Sweep.toLocal(
                          spending,
                          ours.balance(),
                          kept.setup().local().toSelfDelay(),
                          delayedKey(ours.number()),
                          home,
                          rate,
                          signer),
                  "sweep of the own delayed output"));
      case Found.Other other -> {}
    }
  }

  private PrivateKey delayedKey(long number) {
    return KeyDerivation.derivePrivateKey(
        keys.delayedBase(), keys.perCommitmentPoint(number, signer), signer);
  }

  /** What a transaction that spends the funding output is, as far as the static part tells. */
  private Found found(StaticChannel kept, Transaction spending) {
    ChannelSetup setup = kept.setup();
    if (!CommitmentTransaction.isNumbered(spending)) {
      return new Found.Other(
          spending.txOut.stream().anyMatch(out -> isHome(kept, out.publicKeyScript)));
    }
    long number = CommitmentTransaction.numberOf(spending, Transactions.obscuringFactor(setup));
    // Only the balances' scripts are looked for; to_remote is the same under every point.
    Optional<CommitmentOutput.ToLocal> own =
        recognise(kept, spending, true, ownKeys(setup, number)).stream()
            .filter(CommitmentOutput.ToLocal.class::isInstance)
            .map(CommitmentOutput.ToLocal.class::cast)
            .findFirst();
    return own.<Found>map(balance -> new Found.Ours(number, balance))
        .orElseGet(
            () ->
                new Found.Theirs(
                    number,
                    recognise(
                        kept,
                        spending,
                        false,
                        transactions.remoteKeys(setup, keys.perCommitmentPoint(0, signer)))));
  }

  private boolean isHome(StaticChannel kept, ByteVector script) {
    return script.equals(home) || script.equals(kept.setup().local().shutdownScript());
  }

  private CommitmentKeys ownKeys(ChannelSetup setup, long number) {
    return CommitmentKeys.of(
        setup.local().basepoints(),
        setup.remote().basepoints(),
        keys.perCommitmentPoint(number, signer),
        signer);
  }

  private List<CommitmentOutput> recognise(
      StaticChannel kept, Transaction spending, boolean ownerIsLocal, CommitmentKeys owners) {
    return CommitmentTransaction.recognise(
        spending,
        transactions.params(kept.setup(), kept.funding(), ownerIsLocal),
        owners,
        List.of());
  }

  private sealed interface Found {
    /** A commitment of the peer's, of whatever age. */
    record Theirs(long number, List<CommitmentOutput> outputs) implements Found {
      Satoshi balance() {
        return outputs.stream()
            .filter(CommitmentOutput.ToRemote.class::isInstance)
            .map(CommitmentOutput::amount)
            .reduce(Satoshi.ZERO, Satoshi::plus);
      }
    }

    /** An own commitment, published before the data was lost. */
    record Ours(long number, CommitmentOutput.ToLocal balance) implements Found {}

    /**
     * No commitment.
     *
     * @param paysHome whether it pays this side's script, as a closing transaction does
     */
    record Other(boolean paysHome) implements Found {}

    /** For the journal. */
    default String title() {
      return switch (this) {
        case Theirs theirs -> "the peer's commitment transaction " + theirs.number();
        case Ours ours -> "the own commitment transaction " + ours.number();
        case Other other ->
            other.paysHome()
                ? "a closing transaction"
                : "a transaction that does not pay this side";
      };
    }

    /** For the operator. */
    default String told(StaticChannel kept, Transaction spending) {
      String what =
          switch (this) {
            case Theirs theirs ->
                "%,d sat of it are this side's and are being taken home. Whether it is the latest state can't be told without the lost data: of a revoked one no more than this can be taken"
                    .formatted(theirs.balance().value());
            case Ours ours ->
                "%,d sat of it are this side's after %d blocks"
                    .formatted(ours.balance().amount().value(), kept.setup().local().toSelfDelay());
            case Other other ->
                other.paysHome()
                    ? "it pays this side's own script, so nothing is left to be done"
                    : "nothing in it is known to be this side's";
          };
      return "channel %s, whose data was lost, is closed by %s (transaction %s): %s"
          .formatted(kept.id(), title(), spending.txid, what);
    }
  }
}
