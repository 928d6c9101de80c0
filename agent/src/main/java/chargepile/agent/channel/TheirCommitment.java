package chargepile.agent.channel;

import chargepile.agent.channel.ChainView.Spend;
import chargepile.agent.channel.tx.AnchorSpend;
import chargepile.agent.channel.tx.CommitmentOutput;
import chargepile.agent.channel.tx.CommitmentTransaction;
import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.tx.Sweep;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is due from a commitment transaction of the peer's that is not revoked (BOLT 5, "Remote
 * Commitment Transaction"): balance and HTLCs, each directly.
 */
final class TheirCommitment {
  private final Signer signer;
  private final ChannelKeys keys;
  private final ByteVector home;
  private final Commitments now;
  private final CommitmentTransaction theirs;
  private final Transaction published;
  private final PrivateKey htlcKey;

  /**
   * @param published {@code theirs} as it was seen, signed
   */
  TheirCommitment(
      ChannelContext context,
      Commitments now,
      Commitments.Remote commit,
      CommitmentTransaction theirs,
      Transaction published) {
    this.signer = context.signer();
    this.keys = context.keys();
    this.home = context.closingScript();
    this.now = now;
    this.theirs = theirs;
    this.published = published;
    this.htlcKey =
        KeyDerivation.derivePrivateKey(keys.htlcBase(), commit.perCommitmentPoint(), signer);
  }

  void gather(Findings findings) {
    balance(findings, published, theirs.outputs(), keys.paymentBase(), home, signer);
    theirs.htlcOutputs().forEach(output -> htlc(findings, output));
    if (findings.depth() == 0) {
      child(findings.view().tip()).ifPresent(findings::need);
    }
  }

  /** All that the wallet may have been asked to pay for; what time asks for is told apart. */
  List<FeeNeed> askable() {
    return child(new BlockHeight(0)).stream().toList();
  }

  /** The balance in any commitment of the peer's, also one of which nothing else is known. */
  static void balance(
      Findings findings,
      Transaction published,
      List<CommitmentOutput> outputs,
      PrivateKey paymentKey,
      ByteVector home,
      Signer signer) {
    outputs.stream()
        .filter(CommitmentOutput.ToRemote.class::isInstance)
        .forEach(
            output ->
                findings.claim(
                    new Claim(
                        List.of(new OutPoint(published, output.index())),
                        output.amount(),
                        findings.depth() >= 1,
                        Optional.empty(),
                        rate ->
                            Sweep.toRemote(
                                published, List.of(output), paymentKey, home, rate, signer),
                        "sweep from the peer's commitment")));
  }

  /** The peer's commitment is raised only for the sake of HTLCs: the balance can wait. */
  private Optional<FeeNeed> child(BlockHeight tip) {
    List<CommitmentOutput.HtlcOutput> concerned =
        theirs.htlcOutputs().stream()
            .filter(output -> isOurs(output.htlc()) || preimage(output.htlc()).isPresent())
            .toList();
    if (concerned.isEmpty()) {
      return Optional.empty();
    }
    long expiry =
        concerned.stream().mapToLong(output -> output.htlc().cltvExpiry()).min().orElseThrow();
    Satoshi stake =
        concerned.stream().map(CommitmentOutput::amount).reduce(Satoshi.ZERO, Satoshi::plus);
    return theirs
        .remoteAnchor()
        .map(
            anchor ->
                new FeeNeed(
                    AnchorSpend.template(published, anchor),
                    anchor.output(),
                    AnchorSpend.witnessWeight(anchor),
                    Optional.of(bears()),
                    stake,
                    Optional.of(FeeLadder.Window.until(expiry, Findings.HTLC_WINDOW, tip)),
                    funded -> AnchorSpend.signed(funded, anchor, keys.funding(), signer),
                    "child of the peer's commitment transaction"));
  }

  private FeeNeed.Bears bears() {
    long out = published.txOut.stream().mapToLong(output -> output.amount.toLong()).sum();
    return new FeeNeed.Bears(published, now.setup().capacity().minusOrZero(new Satoshi(out)));
  }

  private void htlc(Findings findings, CommitmentOutput.HtlcOutput output) {
    OutPoint outPoint = new OutPoint(published, output.index());
    Optional<Spend> spend = findings.spend(outPoint);
    Htlc htlc = output.htlc();
    if (isOurs(htlc)) {
      spend.ifPresent(taken -> findings.reveal(htlc, outPoint, taken.transaction()));
      spend
          .filter(findings::isFinal)
          .filter(taken -> !findings.revealed().containsKey(htlc.id()))
          .ifPresent(taken -> findings.returned(htlc.id()));
      takeBack(findings, output, outPoint);
    } else if (preimage(htlc).isPresent()) {
      byPreimage(findings, output, outPoint, preimage(htlc).get());
    } else if (spend.isPresent() && !findings.isFinal(spend.get())) {
      findings.unsettled();
    } else if (spend.isEmpty()
        && findings.view().tip().value() < htlc.cltvExpiry() + Findings.HTLC_WINDOW) {
      findings.unsettled(); // the preimage may still become known
    }
  }

  private void takeBack(Findings findings, CommitmentOutput.HtlcOutput output, OutPoint outPoint) {
    long expiry = output.htlc().cltvExpiry();
    claim(
        findings,
        output,
        outPoint,
        findings.view().tip().value() >= expiry,
        expiry + Findings.HTLC_WINDOW,
        rate -> Sweep.htlcByTimeout(theirs, output, htlcKey, home, rate, signer),
        "HTLC taken back after its timeout");
  }

  private void byPreimage(
      Findings findings,
      CommitmentOutput.HtlcOutput output,
      OutPoint outPoint,
      ByteVector32 preimage) {
    claim(
        findings,
        output,
        outPoint,
        true,
        output.htlc().cltvExpiry(),
        rate -> Sweep.htlcByPreimage(theirs, output, preimage, htlcKey, home, rate, signer),
        "HTLC taken with its preimage");
  }

  private static void claim(
      Findings findings,
      CommitmentOutput.HtlcOutput output,
      OutPoint outPoint,
      boolean due,
      long deadline,
      Function<Feerate, Optional<Transaction>> at,
      String purpose) {
    findings.claim(
        new Claim(
            List.of(outPoint),
            output.amount(),
            due && findings.depth() >= 1,
            Optional.of(
                FeeLadder.Window.until(deadline, Findings.HTLC_WINDOW, findings.view().tip())),
            at,
            purpose));
  }

  /** The owner is the peer: what it received is what this side offered. */
  private static boolean isOurs(Htlc htlc) {
    return htlc.side() == HtlcSide.RECEIVED;
  }

  private Optional<ByteVector32> preimage(Htlc htlc) {
    return now.preimages().stream().filter(htlc::isPaidBy).findFirst();
  }
}
