package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.TxOut;

/** An output of a commitment transaction; "local" is its owner. */
public sealed interface CommitmentOutput {
  /** Its place in the transaction. */
  int index();

  TxOut output();

  /** The script that the P2WSH output commits to. */
  ByteVector witnessScript();

  default Satoshi amount() {
    return new Satoshi(output().amount.toLong());
  }

  /** The owner's balance: the owner's after the delay, the other side's at once when revoked. */
  record ToLocal(int index, TxOut output, ByteVector witnessScript) implements CommitmentOutput {}

  /** The other side's balance: spendable one block after confirmation. */
  record ToRemote(int index, TxOut output, ByteVector witnessScript) implements CommitmentOutput {}

  /** The owner's anchor, to raise the fee by; anyone's after 16 blocks. */
  record LocalAnchor(int index, TxOut output, ByteVector witnessScript)
      implements CommitmentOutput {}

  /** The other side's anchor. */
  record RemoteAnchor(int index, TxOut output, ByteVector witnessScript)
      implements CommitmentOutput {}

  record HtlcOutput(int index, TxOut output, ByteVector witnessScript, Htlc htlc)
      implements CommitmentOutput {}
}
