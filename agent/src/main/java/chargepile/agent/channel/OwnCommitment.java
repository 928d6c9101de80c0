package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.AnchorSpend;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.tx.HtlcTransaction;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is due from the own commitment transaction (BOLT 5, "Unilateral Close Handling: Local
 * Commitment Transaction"): the balance after the delay, the HTLCs through their second stage.
 */
final class OwnCommitment {
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final Commitments now;
  private final CommitmentTransaction own;

  OwnCommitment(ChannelContext context, Commitments now, CommitmentTransaction own) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.now = now;
    this.own = own;
  }

  /** Ready to publish. */
  Transaction signed() {
    return own.signed(
        signer.sign(own.fundingDigest(), keys.funding()), now.local().remoteSignature());
  }

  void gather(Findings findings) {
    own.toLocal().ifPresent(output -> balance(findings, output));
    List<HtlcTransaction> htlcs = own.htlcTransactions();
    for (int i = 0; i < htlcs.size(); i++) {
      htlc(findings, htlcs.get(i), now.local().remoteHtlcSignatures().get(i));
    }
    if (findings.depth() == 0) {
      child(findings.view().tip()).ifPresent(findings::need);
    }
  }

  /** The child that pays for the commitment, where it has an anchor. */
  Optional<FeeNeed> child(BlockHeight tip) {
    return own.localAnchor().map(anchor -> child(anchor, tip));
  }

  /** All that the wallet may have been asked to pay for; what time asks for is told apart. */
  List<FeeNeed> askable() {
    BlockHeight any = new BlockHeight(0);
    List<FeeNeed> needs = new ArrayList<>(child(any).stream().toList());
    List<HtlcTransaction> htlcs = own.htlcTransactions();
    for (int i = 0; i < htlcs.size(); i++) {
      Htlc htlc = htlcs.get(i).spent().htlc();
      if (isOffered(htlc) || preimage(htlc).isPresent()) {
        needs.add(need(htlcs.get(i), now.local().remoteHtlcSignatures().get(i), any));
      }
    }
    return needs;
  }

  private FeeNeed child(CommitmentOutput.LocalAnchor anchor, BlockHeight tip) {
    Transaction commitment = signed();
    return new FeeNeed(
        AnchorSpend.template(commitment, anchor),
        anchor.output(),
        AnchorSpend.witnessWeight(anchor),
        Optional.of(bears(commitment)),
        stake(),
        firstExpiry().stream()
            .mapToObj(expiry -> FeeLadder.Window.until(expiry, Findings.HTLC_WINDOW, tip))
            .findFirst(),
        funded -> AnchorSpend.signed(funded, anchor, keys.funding(), signer),
        "child of the own commitment transaction");
  }

  private FeeNeed.Bears bears(Transaction commitment) {
    long out = commitment.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
    return new FeeNeed.Bears(commitment, now.setup().capacity().minusOrZero(new Satoshi(out)));
  }

  private Satoshi stake() {
    Satoshi balance = own.toLocal().map(CommitmentOutput::amount).orElse(Satoshi.ZERO);
    return own.htlcOutputs().stream()
        .filter(output -> isOffered(output.htlc()) || preimage(output.htlc()).isPresent())
        .map(CommitmentOutput::amount)
        .reduce(balance, Satoshi::plus);
  }

  private OptionalLong firstExpiry() {
    return own.htlcOutputs().stream()
        .map(CommitmentOutput.HtlcOutput::htlc)
        .filter(htlc -> isOffered(htlc) || preimage(htlc).isPresent())
        .mapToLong(Htlc::cltvExpiry)
        .min();
  }

  private void balance(Findings findings, CommitmentOutput.ToLocal output) {
    findings.claim(
        new Claim(
            List.of(new OutPoint(own.transaction(), output.index())),
            output.amount(),
            findings.depth() >= own.params().toSelfDelay(),
            Optional.empty(),
            rate -> Sweep.toLocal(own, delayedKey(), home, rate, signer),
            "sweep of the own delayed output"));
  }

  private void htlc(Findings findings, HtlcTransaction stage, ByteVector64 remoteSignature) {
    Htlc htlc = stage.spent().htlc();
    Optional<Spend> spend = findings.spend(stage.transaction().txIn.getFirst().outPoint);
    if (spend.isPresent() && stage.isWithin(spend.get().transaction())) {
      secondStage(findings, stage, spend.get(), remoteSignature);
    } else if (spend.isPresent()) {
      if (isOffered(htlc)) {
        findings.reveal(htlc, outPoint(stage), spend.get().transaction());
      }
      if (!findings.isFinal(spend.get())) {
        findings.unsettled();
      }
    } else if (isWorthwhile(stage)) {
      open(findings, stage, remoteSignature);
    } else if (isOffered(htlc) && findings.isFinal()) {
      findings.returned(htlc.id()); // not worth the fee to take it back
    }
  }

  /** Nobody has taken it yet. */
  private void open(Findings findings, HtlcTransaction stage, ByteVector64 remoteSignature) {
    Htlc htlc = stage.spent().htlc();
    int tip = findings.view().tip().value();
    if (isOffered(htlc)) {
      findings.unsettled();
      if (findings.depth() >= 1 && tip >= htlc.cltvExpiry()) {
        findings.need(need(stage, remoteSignature, findings.view().tip()));
      }
    } else if (preimage(htlc).isPresent()) {
      findings.unsettled();
      if (findings.depth() >= 1) {
        findings.need(need(stage, remoteSignature, findings.view().tip()));
      }
    } else if (tip < htlc.cltvExpiry() + Findings.HTLC_WINDOW) {
      findings.unsettled(); // the preimage may still become known
    }
  }

  private void secondStage(
      Findings findings, HtlcTransaction stage, Spend spend, ByteVector64 remoteSignature) {
    Transaction published = spend.transaction();
    findings.follow(published);
    int depth = findings.depth(spend);
    if (depth == 0) {
      findings.unsettled();
      findings.need(need(stage, remoteSignature, findings.view().tip()));
      return;
    }
    if (isOffered(stage.spent().htlc()) && findings.isFinal(spend)) {
      findings.returned(stage.spent().htlc().id());
    }
    int index = index(published, outPoint(stage));
    findings.claim(
        new Claim(
            List.of(new OutPoint(published, index)),
            stage.spent().amount(),
            depth >= own.params().toSelfDelay(),
            Optional.empty(),
            rate -> Sweep.htlcDelayed(own, published, delayedKey(), home, rate, signer),
            "sweep of an HTLC"));
  }

  private FeeNeed need(HtlcTransaction stage, ByteVector64 remoteSignature, BlockHeight tip) {
    Htlc htlc = stage.spent().htlc();
    long deadline = htlc.cltvExpiry() + (isOffered(htlc) ? Findings.HTLC_WINDOW : 0);
    return new FeeNeed(
        stage.transaction(),
        stage.spent().output(),
        stage.witnessWeight(),
        Optional.empty(),
        stage.spent().amount(),
        Optional.of(FeeLadder.Window.until(deadline, Findings.HTLC_WINDOW, tip)),
        funded -> sign(stage.fundedAs(funded), remoteSignature),
        isOffered(htlc) ? "HTLC-timeout transaction" : "HTLC-success transaction");
  }

  private Transaction sign(HtlcTransaction funded, ByteVector64 remoteSignature) {
    ByteVector64 signature =
        signer.sign(funded.digest(HtlcTransaction.LOCAL_SIGHASH), derived(keys.htlcBase()));
    Htlc htlc = funded.spent().htlc();
    return isOffered(htlc)
        ? funded.signedTimeout(remoteSignature, signature)
        : funded.signedSuccess(remoteSignature, signature, preimage(htlc).orElseThrow());
  }

  /** Whether its second stage and the sweep of that leave anything. */
  private boolean isWorthwhile(HtlcTransaction stage) {
    return Sweep.htlcDelayed(
                own, stage.transaction(), delayedKey(), home, Feerate.MINIMUM_RELAY, signer)
            .map(sweep -> sweep.txOut.getFirst().amount.toLong())
            .orElse(0L)
        > Feerate.MINIMUM_RELAY.fee(2 * stage.transaction().weight()).value();
  }

  private Optional<ByteVector32> preimage(Htlc htlc) {
    return now.preimages().stream().filter(htlc::isPaidBy).findFirst();
  }

  private static boolean isOffered(Htlc htlc) {
    return htlc.side() == HtlcSide.OFFERED;
  }

  private static OutPoint outPoint(HtlcTransaction stage) {
    return stage.transaction().txIn.getFirst().outPoint;
  }

  private static int index(Transaction spending, OutPoint output) {
    return spending.txIn.stream().map(input -> input.outPoint).toList().indexOf(output);
  }

  private PrivateKey delayedKey() {
    return derived(keys.delayedBase());
  }

  private PrivateKey derived(PrivateKey base) {
    return KeyDerivation.derivePrivateKey(
        base, keys.perCommitmentPoint(now.local().number(), signer), signer);
  }
}
