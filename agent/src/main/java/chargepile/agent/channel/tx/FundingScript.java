package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.LexicographicalOrdering;
import fr.acinq.bitcoin.OP_2;
import fr.acinq.bitcoin.OP_CHECKMULTISIG;
import fr.acinq.bitcoin.OP_PUSHDATA;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.List;

/** The 2-of-2 output that holds a channel's money (BOLT 3, "Funding Transaction Output"). */
public final class FundingScript {
  /**
   * Weight that the witness of largest signatures adds to a transaction without one: marker, flag,
   * item count, the empty item, two signatures and the script, each with its length.
   */
  static final int WITNESS_WEIGHT = 2 + 1 + 1 + 2 * (1 + Signatures.MAX_SIZE) + 1 + 71;

  private FundingScript() {}

  /** The witness script; the order of the arguments does not matter. */
  public static ByteVector redeemScript(PublicKey a, PublicKey b) {
    boolean inOrder = inOrder(a, b);
    return Scripts.write(
        List.of(
            OP_2.INSTANCE,
            new OP_PUSHDATA(inOrder ? a : b),
            new OP_PUSHDATA(inOrder ? b : a),
            OP_2.INSTANCE,
            OP_CHECKMULTISIG.INSTANCE));
  }

  /** The P2WSH script to pay to; the order of the arguments does not matter. */
  public static ByteVector outputScript(PublicKey a, PublicKey b) {
    return Scripts.payTo(redeemScript(a, b));
  }

  /** What both keys sign, with SIGHASH_ALL, to spend the output by the first input. */
  static ByteVector32 digest(Transaction transaction, Satoshi capacity, PublicKey a, PublicKey b) {
    TxOut funding = Scripts.output(capacity, outputScript(a, b));
    return Signatures.digest(transaction, 0, funding, redeemScript(a, b), Signatures.ALL);
  }

  /** The witness that spends the output, by SIGHASH_ALL signatures of both keys. */
  static ScriptWitness witness(
      PublicKey a, ByteVector64 signatureOfA, PublicKey b, ByteVector64 signatureOfB) {
    ByteVector first = Signatures.encode(signatureOfA, Signatures.ALL);
    ByteVector second = Signatures.encode(signatureOfB, Signatures.ALL);
    boolean inOrder = inOrder(a, b);
    return new ScriptWitness(
        List.of(
            ByteVector.empty,
            inOrder ? first : second,
            inOrder ? second : first,
            redeemScript(a, b)));
  }

  private static boolean inOrder(PublicKey a, PublicKey b) {
    return LexicographicalOrdering.isLessThan(a, b);
  }
}
