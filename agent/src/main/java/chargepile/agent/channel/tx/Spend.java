package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A P2WSH output that one key of ours can spend.
 *
 * @param sequence what the script's CSV wants, or {@link #REPLACEABLE}
 * @param selector what stands between signature and script in the witness, to choose the branch
 */
record Spend(
    OutPoint outPoint,
    TxOut output,
    ByteVector witnessScript,
    long sequence,
    PrivateKey key,
    List<ByteVector> selector) {

  /** No relative lock, and the fee can be raised (BIP 125), as with every smaller sequence. */
  static final long REPLACEABLE = 0xfffffffdL;

  /** What chooses the IF branch of a script; relay policy takes no other truth (MINIMALIF). */
  static final ByteVector TRUE = new ByteVector("01");

  static final ByteVector LARGEST_SIGNATURE = new ByteVector(new byte[Signatures.MAX_SIZE]);

  Spend {
    selector = List.copyOf(selector);
  }

  /**
   * A signed transaction that moves {@code spends} to one output at a feerate not below {@code
   * feerate}; empty when there is nothing to spend or the fee leaves dust.
   *
   * @param lockTime what a script's CLTV wants, else 0
   */
  static Optional<Transaction> all(
      List<Spend> spends, long lockTime, ByteVector destination, Feerate feerate, Signer signer) {
    if (spends.isEmpty()) {
      return Optional.empty();
    }
    Satoshi total =
        new Satoshi(spends.stream().mapToLong(spend -> spend.output.amount.toLong()).sum());
    Transaction draft = unsigned(spends, lockTime, Scripts.output(total, destination));
    for (int i = 0; i < spends.size(); i++) {
      draft = draft.updateWitness(i, spends.get(i).witness(LARGEST_SIGNATURE));
    }
    Satoshi left = total.minusOrZero(feerate.fee(draft.weight()));
    if (left.compareTo(Dust.threshold(destination)) < 0) {
      return Optional.empty();
    }
    Transaction unsigned = unsigned(spends, lockTime, Scripts.output(left, destination));
    Transaction signed = unsigned;
    for (int i = 0; i < spends.size(); i++) {
      signed = signed.updateWitness(i, spends.get(i).sign(unsigned, i, signer));
    }
    return Optional.of(signed);
  }

  /** What a witness weighs: the count of its items, and each with its length in one byte. */
  static int weight(ScriptWitness witness) {
    return 1 + witness.stack.stream().mapToInt(item -> 1 + item.size()).sum();
  }

  private static Transaction unsigned(List<Spend> spends, long lockTime, TxOut output) {
    List<TxIn> inputs =
        spends.stream().map(spend -> new TxIn(spend.outPoint, spend.sequence)).toList();
    return new Transaction(2, inputs, List.of(output), lockTime);
  }

  private ScriptWitness sign(Transaction transaction, int input, Signer signer) {
    ByteVector32 digest =
        Signatures.digest(transaction, input, output, witnessScript, Signatures.ALL);
    return witness(Signatures.encode(signer.sign(digest, key), Signatures.ALL));
  }

  private ScriptWitness witness(ByteVector signature) {
    List<ByteVector> stack = new ArrayList<>();
    stack.add(signature);
    stack.addAll(selector);
    stack.add(witnessScript);
    return new ScriptWitness(stack);
  }
}
