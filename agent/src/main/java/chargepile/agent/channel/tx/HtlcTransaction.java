package chargepile.agent.channel.tx;

import chargepile.agent.channel.tx.CommitmentOutput.HtlcOutput;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.List;

/**
 * The second stage of an HTLC on its owner's own commitment: HTLC-success when received,
 * HTLC-timeout when offered (BOLT 3). It pays no fee; who publishes it adds an input for that.
 *
 * @param transaction unsigned
 * @param spent the commitment's output that it spends
 * @param witnessScript the script of its only output: the one of {@code to_local}
 */
public record HtlcTransaction(Transaction transaction, HtlcOutput spent, ByteVector witnessScript) {
  /** The sighash type of the peer's signature: the owner may add inputs and outputs for fees. */
  public static final int REMOTE_SIGHASH = Signatures.SINGLE_ANYONECANPAY;

  /** The sighash type of the owner's signature. */
  public static final int LOCAL_SIGHASH = Signatures.ALL;

  static HtlcTransaction of(CommitmentTransaction commitment, HtlcOutput spent) {
    ByteVector witnessScript =
        Scripts.toLocal(commitment.keys(), commitment.params().toSelfDelay());
    long lockTime =
        switch (spent.htlc().side()) {
          case OFFERED -> spent.htlc().cltvExpiry();
          case RECEIVED -> 0;
        };
    var transaction =
        new Transaction(
            2,
            List.of(new TxIn(new OutPoint(commitment.transaction(), spent.index()), 1)),
            List.of(new TxOut(spent.output().amount, Scripts.payTo(witnessScript))),
            lockTime);
    return new HtlcTransaction(transaction, spent, witnessScript);
  }

  /** What to sign with this sighash type. */
  public ByteVector32 digest(int sigHash) {
    return Signatures.digest(transaction, 0, spent.output(), spent.witnessScript(), sigHash);
  }

  /**
   * The HTLC-success transaction.
   *
   * @param remoteSignature the peer's, of {@link #REMOTE_SIGHASH}
   * @param localSignature the owner's, of {@link #LOCAL_SIGHASH}
   */
  public Transaction signedSuccess(
      ByteVector64 remoteSignature, ByteVector64 localSignature, ByteVector32 preimage) {
    if (spent.htlc().side() != HtlcSide.RECEIVED) {
      throw new IllegalArgumentException(
          "HTLC " + spent.htlc().id() + " was offered by the owner: it has no success transaction");
    }
    spent.htlc().requirePreimage(preimage);
    return signed(remoteSignature, localSignature, preimage);
  }

  /** The HTLC-timeout transaction, with signatures as for {@link #signedSuccess}. */
  public Transaction signedTimeout(ByteVector64 remoteSignature, ByteVector64 localSignature) {
    if (spent.htlc().side() != HtlcSide.OFFERED) {
      throw new IllegalArgumentException(
          "HTLC " + spent.htlc().id() + " was offered by the peer: it has no timeout transaction");
    }
    return signed(remoteSignature, localSignature, ByteVector.empty);
  }

  /** The same with a wallet's inputs and outputs added behind its own; they pay the fee. */
  public HtlcTransaction fundedAs(Transaction funded) {
    return new HtlcTransaction(funded, spent, witnessScript);
  }

  /** What the witness of its own input weighs at most. */
  public int witnessWeight() {
    ByteVector preimage = new ByteVector(new byte[32]);
    return Spend.weight(
        new ScriptWitness(
            List.of(
                ByteVector.empty,
                Spend.LARGEST_SIGNATURE,
                Spend.LARGEST_SIGNATURE,
                preimage,
                spent.witnessScript())));
  }

  /** Whether {@code spending} is this transaction, perhaps joined with others or paid for. */
  public boolean isWithin(Transaction spending) {
    OutPoint own = transaction.txIn.getFirst().outPoint;
    TxOut out = transaction.txOut.getFirst();
    int most = Math.min(spending.txIn.size(), spending.txOut.size());
    for (int i = 0; i < most; i++) {
      if (spending.txIn.get(i).outPoint.equals(own)) {
        return spending.txOut.get(i).equals(out);
      }
    }
    return false;
  }

  private Transaction signed(
      ByteVector64 remoteSignature, ByteVector64 localSignature, ByteVector preimage) {
    return transaction.updateWitness(
        0,
        new ScriptWitness(
            List.of(
                ByteVector.empty,
                Signatures.encode(remoteSignature, REMOTE_SIGHASH),
                Signatures.encode(localSignature, LOCAL_SIGHASH),
                preimage,
                spent.witnessScript())));
  }
}
