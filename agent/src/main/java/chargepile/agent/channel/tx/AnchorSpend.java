package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import java.util.List;

/** The child that pays for a commitment transaction through an anchor (BOLT 3, anchors; CPFP). */
public final class AnchorSpend {
  private AnchorSpend() {}

  /** The child as far as the channel goes: the anchor spent, and a wallet's inputs to come. */
  public static Transaction template(Transaction commitment, CommitmentOutput anchor) {
    return new Transaction(
        2,
        List.of(new TxIn(new OutPoint(commitment, anchor.index()), Spend.REPLACEABLE)),
        List.of(),
        0);
  }

  /** What the anchor's witness weighs at most. */
  public static int witnessWeight(CommitmentOutput anchor) {
    return Spend.weight(witness(Spend.LARGEST_SIGNATURE, anchor));
  }

  /**
   * The child ready to publish.
   *
   * @param funded the template with the wallet's inputs, signed, and outputs
   * @param key the funding key of the anchor's owner
   */
  public static Transaction signed(
      Transaction funded, CommitmentOutput anchor, PrivateKey key, Signer signer) {
    ByteVector32 digest =
        Signatures.digest(funded, 0, anchor.output(), anchor.witnessScript(), Signatures.ALL);
    ByteVector signature = Signatures.encode(signer.sign(digest, key), Signatures.ALL);
    return funded.updateWitness(0, witness(signature, anchor));
  }

  private static ScriptWitness witness(ByteVector signature, CommitmentOutput anchor) {
    return new ScriptWitness(List.of(signature, anchor.witnessScript()));
  }
}
