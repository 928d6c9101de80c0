package chargepile.agent.channel.tx;

import chargepile.agent.channel.tx.CommitmentOutput.HtlcOutput;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Transactions that bring our outputs of a commitment that is not revoked to our wallet (BOLT 5).
 *
 * <p>Each is signed, pays one output at the feerate given, and is empty when the output it would
 * spend does not exist or is not worth its fee.
 */
public final class Sweep {
  /** The outputs of another side's commitment wait one confirmation (BOLT 3, anchors). */
  private static final long ONE_BLOCK = 1;

  private Sweep() {}

  /**
   * Our balance from our own commitment, valid {@code to_self_delay} blocks after it confirmed.
   *
   * @param delayedKey derived for this commitment
   */
  public static Optional<Transaction> toLocal(
      CommitmentTransaction ours,
      PrivateKey delayedKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    return ours.toLocal()
        .flatMap(
            output ->
                toLocal(
                    ours.transaction(),
                    output,
                    ours.params().toSelfDelay(),
                    delayedKey,
                    destination,
                    feerate,
                    signer));
  }

  /** The same, from a published transaction and the output recognised in it. */
  public static Optional<Transaction> toLocal(
      Transaction published,
      CommitmentOutput.ToLocal output,
      int toSelfDelay,
      PrivateKey delayedKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    Spend spend =
        new Spend(
            new OutPoint(published, output.index()),
            output.output(),
            output.witnessScript(),
            toSelfDelay,
            delayedKey,
            List.of(ByteVector.empty));
    return Spend.all(List.of(spend), 0, destination, feerate, signer);
  }

  /**
   * Our balance from the peer's commitment, valid one block after it confirmed.
   *
   * @param paymentKey our payment basepoint's secret
   */
  public static Optional<Transaction> toRemote(
      CommitmentTransaction peers,
      PrivateKey paymentKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    return toRemote(peers.transaction(), peers.outputs(), paymentKey, destination, feerate, signer);
  }

  /** The same, from a published transaction and the outputs recognised in it. */
  public static Optional<Transaction> toRemote(
      Transaction published,
      List<CommitmentOutput> outputs,
      PrivateKey paymentKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    List<Spend> spends = toRemoteSpends(published, outputs, paymentKey);
    return Spend.all(spends, 0, destination, feerate, signer);
  }

  /**
   * The output of our own HTLC-success or HTLC-timeout transaction, valid {@code to_self_delay}
   * blocks after it confirmed.
   *
   * @param published the HTLC transaction as it confirmed, perhaps with inputs added for the fee
   * @param delayedKey derived for the commitment
   */
  public static Optional<Transaction> htlcDelayed(
      CommitmentTransaction ours,
      Transaction published,
      PrivateKey delayedKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    ByteVector witnessScript = Scripts.toLocal(ours.keys(), ours.params().toSelfDelay());
    List<Spend> spends =
        SecondStage.outputs(published, ours.transaction().txid, witnessScript).stream()
            .map(
                index ->
                    new Spend(
                        new OutPoint(published, index),
                        published.txOut.get(index),
                        witnessScript,
                        ours.params().toSelfDelay(),
                        delayedKey,
                        List.of(ByteVector.empty)))
            .toList();
    return Spend.all(spends, 0, destination, feerate, signer);
  }

  /**
   * An HTLC that the peer offered on its own commitment, by the preimage, valid one block after the
   * commitment confirmed.
   *
   * @param htlcKey ours, derived for the peer's commitment
   * @throws IllegalArgumentException when the HTLC is not of the peer's offering, or the preimage
   *     is another's
   */
  public static Optional<Transaction> htlcByPreimage(
      CommitmentTransaction peers,
      HtlcOutput output,
      ByteVector32 preimage,
      PrivateKey htlcKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    Htlc htlc = output.htlc();
    if (htlc.side() != HtlcSide.OFFERED) {
      throw new IllegalArgumentException("HTLC " + htlc.id() + " was not offered by the peer");
    }
    htlc.requirePreimage(preimage);
    Spend spend = direct(peers, output, htlcKey, preimage);
    return Spend.all(List.of(spend), 0, destination, feerate, signer);
  }

  /**
   * An HTLC that we offered, back from the peer's commitment after its timeout.
   *
   * @param htlcKey ours, derived for the peer's commitment
   * @throws IllegalArgumentException when the HTLC is not of our offering
   */
  public static Optional<Transaction> htlcByTimeout(
      CommitmentTransaction peers,
      HtlcOutput output,
      PrivateKey htlcKey,
      ByteVector destination,
      Feerate feerate,
      Signer signer) {
    Htlc htlc = output.htlc();
    if (htlc.side() != HtlcSide.RECEIVED) {
      throw new IllegalArgumentException("HTLC " + htlc.id() + " was not offered by us");
    }
    Spend spend = direct(peers, output, htlcKey, ByteVector.empty);
    return Spend.all(List.of(spend), htlc.cltvExpiry(), destination, feerate, signer);
  }

  static List<Spend> toRemoteSpends(
      Transaction published, List<CommitmentOutput> outputs, PrivateKey paymentKey) {
    return outputs.stream()
        .filter(CommitmentOutput.ToRemote.class::isInstance)
        .map(
            output ->
                new Spend(
                    new OutPoint(published, output.index()),
                    output.output(),
                    output.witnessScript(),
                    ONE_BLOCK,
                    paymentKey,
                    List.of()))
        .toList();
  }

  private static Spend direct(
      CommitmentTransaction peers, HtlcOutput output, PrivateKey htlcKey, ByteVector selector) {
    return new Spend(
        new OutPoint(peers.transaction(), output.index()),
        output.output(),
        output.witnessScript(),
        ONE_BLOCK,
        htlcKey,
        List.of(selector));
  }
}
