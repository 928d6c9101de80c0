package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
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
