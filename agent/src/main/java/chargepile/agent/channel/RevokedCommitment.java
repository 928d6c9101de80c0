package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.CommitmentKeys;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.tx.Penalty;
import chargepile.agent.channel.tx.Penalty.Revocable;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is due from a revoked commitment transaction (BOLT 5, "Revoked Transaction Close Handling";
 * P1-34): all of it. One transaction takes what is there together; an output that the peer disputes
 * in the mempool, and near the deadline every one, goes by itself, so that none holds up another.
 */
final class RevokedCommitment {
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final FundingSpend.Revoked revoked;
  private final Transaction published;
  private final CommitmentKeys commitmentKeys;
  private final int toSelfDelay;
  private final PrivateKey revocationKey;

  RevokedCommitment(
      ChannelContext context,
      Commitments now,
      FundingSpend.Revoked revoked,
      Transaction published) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.revoked = revoked;
    this.published = published;
    this.commitmentKeys = revoked.keys();
    this.toSelfDelay = now.setup().remote().toSelfDelay();
    this.revocationKey =
        KeyDerivation.revocationPrivateKey(keys.revocationBase(), revoked.secret(), signer);
  }

  /** An output to be taken, and for how long nobody else can. */
  private record Target(Revocable output, FeeLadder.Window window) {}

  /**
   * @param mined the block of the commitment, once it is in one
   */
  void gather(Findings findings, Optional<BlockHeight> mined) {
    TheirCommitment.balance(
        findings, published, revoked.outputs(), keys.paymentBase(), home, signer);
    Map<Group, List<Target>> groups = new LinkedHashMap<>();
    for (Target target : targets(findings, mined)) {
      groups.computeIfAbsent(group(findings, target), key -> new ArrayList<>()).add(target);
    }
    groups.values().forEach(targets -> findings.claim(claim(targets)));
  }

  /**
   * What is taken by one transaction: what one of this side's takes already, and what nothing takes
   * yet; else every output by itself.
   */
  private record Group(Optional<Transaction> taking, Optional<OutPoint> alone) {}

  private Group group(Findings findings, Target target) {
    OutPoint output = target.output().outPoint();
    Optional<Transaction> taking = findings.spend(output).map(Spend::transaction);
    boolean disputed = taking.filter(spending -> !Bidding.isHome(spending, home)).isPresent();
    return disputed || target.window().isClosing()
        ? new Group(Optional.empty(), Optional.of(output))
        : new Group(taking, Optional.empty());
  }

  private List<Target> targets(Findings findings, Optional<BlockHeight> mined) {
    List<Target> targets = new ArrayList<>();
    for (Revocable output :
        Penalty.revocable(published, revoked.outputs(), signer.publicKey(revocationKey))) {
      Optional<Spend> spend = findings.spend(output.outPoint());
      Optional<Revocable> second = spend.flatMap(taking -> secondStage(taking, output));
      if (spend.isEmpty() || !isTaken(spend.get())) {
        targets.add(new Target(output, window(findings, mined)));
      } else if (second.isEmpty()) {
        taken(findings, output, spend.get());
      } else {
        htlc(output)
            .ifPresent(htlc -> findings.reveal(htlc, output.outPoint(), spend.get().transaction()));
        follow(findings, spend.get(), second.get()).ifPresent(targets::add);
      }
    }
    return targets;
  }

  /** Whether somebody else has it, as far as the blocks say. */
  private boolean isTaken(Spend spend) {
    return spend.minedAt().isPresent() && !Bidding.isHome(spend.transaction(), home);
  }

  private void taken(Findings findings, Revocable output, Spend spend) {
    findings.lose(output.amount());
    htlc(output).ifPresent(htlc -> findings.reveal(htlc, output.outPoint(), spend.transaction()));
    if (!findings.isFinal(spend)) {
      findings.unsettled();
    }
  }

  /** The peer got an HTLC transaction into a block first: its output is revoked, too. */
  private Optional<Target> follow(Findings findings, Spend spend, Revocable output) {
    findings.follow(spend.transaction());
    if (!findings.isFinal(spend)) {
      findings.unsettled();
    }
    Optional<Spend> next = findings.spend(output.outPoint());
    if (next.isPresent() && isTaken(next.get())) {
      taken(findings, output, next.get());
      return Optional.empty();
    }
    return Optional.of(new Target(output, window(findings, spend.minedAt())));
  }

  /** Where {@code spend} leaves an HTLC, if it is its second stage. */
  private Optional<Revocable> secondStage(Spend spend, Revocable htlc) {
    Transaction spending = spend.transaction();
    int input = spending.txIn.stream().map(each -> each.outPoint).toList().indexOf(htlc.outPoint());
    return Penalty.revocable(spending, published.txid, commitmentKeys, toSelfDelay).stream()
        .filter(output -> output.outPoint().index == input)
        .findFirst();
  }

  private FeeLadder.Window window(Findings findings, Optional<BlockHeight> mined) {
    return mined
        .map(
            height ->
                FeeLadder.Window.until(
                    (long) height.value() + toSelfDelay, toSelfDelay, findings.view().tip()))
        .orElse(new FeeLadder.Window(toSelfDelay, toSelfDelay));
  }

  private Claim claim(List<Target> targets) {
    List<Revocable> outputs = targets.stream().map(Target::output).toList();
    FeeLadder.Window window =
        targets.stream()
            .map(Target::window)
            .reduce((a, b) -> a.left() <= b.left() ? a : b)
            .orElseThrow();
    return new Claim(
        outputs.stream().map(Revocable::outPoint).toList(),
        outputs.stream().map(Revocable::amount).reduce(Satoshi.ZERO, Satoshi::plus),
        true,
        Optional.of(window),
        rate -> Penalty.take(outputs, revocationKey, home, rate, signer),
        "breach remedy transaction");
  }

  /** The HTLC of an output, if this side had offered it. */
  private Optional<Htlc> htlc(Revocable output) {
    return revoked.outputs().stream()
        .filter(known -> known.index() == output.outPoint().index)
        .filter(CommitmentOutput.HtlcOutput.class::isInstance)
        .map(known -> ((CommitmentOutput.HtlcOutput) known).htlc())
        .filter(htlc -> htlc.side() == HtlcSide.RECEIVED)
        .findFirst();
  }
}
