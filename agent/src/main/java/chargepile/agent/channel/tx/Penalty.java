package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The breach remedy: takes every output of a revoked commitment, and of the HTLC transactions that
 * followed it (BOLT 5, "Revoked Transaction Close Handling"; P1-34).
 *
 * <p>Each transaction is signed, replaceable, and empty when there is nothing worth its fee.
 */
public final class Penalty {
  private Penalty() {}

  /**
   * A transaction that takes {@code outputs} of a revoked commitment.
   *
   * @param outputs those to take; anchors among them are left alone
   * @param revocationKey derived for this commitment from its revealed secret
   * @param paymentKey our payment basepoint's secret, to take our own balance along; then the
   *     transaction is valid one block after the commitment confirmed, else at once
   */
  public static Optional<Transaction> of(
      CommitmentTransaction revoked,
      List<CommitmentOutput> outputs,
      PrivateKey revocationKey,
      Optional<PrivateKey> paymentKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    return of(
        revoked.transaction(), outputs, revocationKey, paymentKey, destination, feerate, signer);
  }

  /**
   * The same, from the transaction seen on the chain and the outputs recognised in it ({@link
   * CommitmentTransaction#recognise}), when the balances of the revoked state were not kept.
   */
  public static Optional<Transaction> of(
      Transaction published,
      List<CommitmentOutput> outputs,
      PrivateKey revocationKey,
      Optional<PrivateKey> paymentKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    ByteVector revocationPoint = signer.publicKey(revocationKey).value;
    List<Spend> spends = new ArrayList<>();
    for (CommitmentOutput output : outputs) {
      switch (output) {
        case CommitmentOutput.ToLocal toLocal ->
            spends.add(revoked(published, toLocal, revocationKey, Spend.TRUE));
        case CommitmentOutput.HtlcOutput htlc ->
            spends.add(revoked(published, htlc, revocationKey, revocationPoint));
        case CommitmentOutput.ToRemote toRemote ->
            paymentKey.ifPresent(
                key -> spends.addAll(Sweep.toRemoteSpends(published, List.of(toRemote), key)));
        case CommitmentOutput.LocalAnchor _, CommitmentOutput.RemoteAnchor _ -> {}
      }
    }
    return Spend.all(spends, 0, destination, feerate, signer);
  }

  /**
   * A transaction that takes the outputs of an HTLC transaction the publisher of a revoked
   * commitment got confirmed before our penalty, valid at once.
   *
   * @param secondStage as it stands on the chain, perhaps several HTLCs in one transaction
   * @param revocationKey the one for the commitment
   */
  public static Optional<Transaction> ofSecondStage(
      Transaction revoked,
      CommitmentParams params,
      CommitmentKeys keys,
      Transaction secondStage,
      PrivateKey revocationKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    ByteVector witnessScript = Scripts.toLocal(keys, params.toSelfDelay());
    List<Spend> spends =
        SecondStage.outputs(secondStage, revoked.txid, witnessScript).stream()
            .map(
                index ->
                    new Spend(
                        new OutPoint(secondStage, index),
                        secondStage.txOut.get(index),
                        witnessScript,
                        Spend.REPLACEABLE,
                        revocationKey,
                        List.of(Spend.TRUE)))
            .toList();
    return Spend.all(spends, 0, destination, feerate, signer);
  }

  /**
   * An output that whoever has the revocation key takes at once.
   *
   * @param selector what chooses the revocation branch of its script
   */
  public record Revocable(
      OutPoint outPoint, TxOut output, ByteVector witnessScript, ByteVector selector) {
    public Satoshi amount() {
      return new Satoshi(output.amount.toLong());
    }
  }

  /**
   * What of {@code outputs} of a revoked commitment the revocation key takes; see {@link #take}.
   */
  public static List<Revocable> revocable(
      Transaction published, List<CommitmentOutput> outputs, PublicKey revocation) {
    List<Revocable> found = new ArrayList<>();
    for (CommitmentOutput output : outputs) {
      switch (output) {
        case CommitmentOutput.ToLocal toLocal ->
            found.add(revocable(published, toLocal, Spend.TRUE));
        case CommitmentOutput.HtlcOutput htlc ->
            found.add(revocable(published, htlc, revocation.value));
        case CommitmentOutput.ToRemote _,
            CommitmentOutput.LocalAnchor _,
            CommitmentOutput.RemoteAnchor _ -> {}
      }
    }
    return found;
  }

  /** The outputs of HTLC transactions of a revoked commitment, as they stand on the chain. */
  public static List<Revocable> revocable(
      Transaction secondStage, TxId revoked, CommitmentKeys keys, int toSelfDelay) {
    ByteVector witnessScript = Scripts.toLocal(keys, toSelfDelay);
    return SecondStage.outputs(secondStage, revoked, witnessScript).stream()
        .map(
            index ->
                new Revocable(
                    new OutPoint(secondStage, index),
                    secondStage.txOut.get(index),
                    witnessScript,
                    Spend.TRUE))
        .toList();
  }

  /** A transaction that takes outputs of whatever revoked transactions, valid at once. */
  public static Optional<Transaction> take(
      List<Revocable> outputs,
      PrivateKey revocationKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    List<Spend> spends =
        outputs.stream()
            .map(
                output ->
                    new Spend(
                        output.outPoint(),
                        output.output(),
                        output.witnessScript(),
                        Spend.REPLACEABLE,
                        revocationKey,
                        List.of(output.selector())))
            .toList();
    return Spend.all(spends, 0, destination, feerate, signer);
  }

  private static Revocable revocable(
      Transaction published, CommitmentOutput output, ByteVector selector) {
    return new Revocable(
        new OutPoint(published, output.index()), output.output(), output.witnessScript(), selector);
  }

  private static Spend revoked(
      Transaction published, CommitmentOutput output, PrivateKey key, ByteVector selector) {
    return new Spend(
        new OutPoint(published, output.index()),
        output.output(),
        output.witnessScript(),
        Spend.REPLACEABLE,
        key,
        List.of(selector));
  }
}
