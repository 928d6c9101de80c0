package chargepile.agent.channel.tx;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.stream.IntStream;

/** Finds the outputs of HTLC transactions as they stand on the chain. */
final class SecondStage {
  private SecondStage() {}

  /**
   * The outputs of {@code published} that hold HTLCs of {@code commitment}. A publisher may join
   * several HTLC transactions and add inputs and outputs, but the peer's SIGHASH_SINGLE signature
   * keeps each HTLC's output at the index of its input.
   */
  static List<Integer> outputs(Transaction published, TxId commitment, ByteVector witnessScript) {
    ByteVector script = Scripts.payTo(witnessScript);
    return IntStream.range(0, Math.min(published.txIn.size(), published.txOut.size()))
        .filter(i -> published.txIn.get(i).outPoint.txid.equals(commitment))
        .filter(i -> published.txOut.get(i).publicKeyScript.equals(script))
        .boxed()
        .toList();
  }
}
