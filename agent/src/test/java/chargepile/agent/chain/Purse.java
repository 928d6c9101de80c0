package chargepile.agent.chain;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.OP_CHECKLOCKTIMEVERIFY;
import fr.acinq.bitcoin.OP_CHECKSEQUENCEVERIFY;
import fr.acinq.bitcoin.OP_CHECKSIG;
import fr.acinq.bitcoin.OP_DROP;
import fr.acinq.bitcoin.OP_PUSHDATA;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptElt;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.SigHash;
import fr.acinq.bitcoin.SigVersion;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntToLongFunction;

/** One key, its P2WPKH script, and signed spends of it, by bitcoin-kmp's own signing. */
public record Purse(PrivateKey key) {
  /** A sequence that sets no relative locktime and leaves the absolute one in force. */
  public static final long NO_DELAY = 0xffff_fffdL;

  public static Purse named(String name) {
    return new Purse(
        new PrivateKey(new ByteVector32(Crypto.sha256(name.getBytes(StandardCharsets.UTF_8)))));
  }

  public PublicKey point() {
    return key.publicKey();
  }

  public ByteVector script() {
    return new ByteVector(Script.write(Script.pay2wpkh(point())));
  }

  public TxOut output(long amount) {
    return output(amount, script());
  }

  public static TxOut output(long amount, ByteVector script) {
    return new TxOut(new Satoshi(amount), script);
  }

  /** Spends a P2WPKH output of this purse. */
  public Transaction spend(OutPoint coin, long amount, TxOut... outputs) {
    return sign(unsigned(coin, NO_DELAY, 0, outputs), amount);
  }

  /**
   * Spends a P2WPKH output of this purse to one output and pays no less than the fee that its own
   * weight asks for; two spends of a coin may differ in weight, as signatures differ in length.
   */
  public Transaction spend(OutPoint coin, long amount, ByteVector to, IntToLongFunction fee) {
    long paid = fee.applyAsLong(Transaction.weight(spend(coin, amount, output(amount, to))));
    Transaction spend = spend(coin, amount, output(amount - paid, to));
    while (paid < fee.applyAsLong(Transaction.weight(spend))) {
      paid++;
      spend = spend(coin, amount, output(amount - paid, to));
    }
    return spend;
  }

  /** A witness script that this key satisfies {@code blocks} blocks after the output. */
  public ByteVector afterBlocks(long blocks) {
    return locked(blocks, OP_CHECKSEQUENCEVERIFY.INSTANCE);
  }

  /** A witness script that this key satisfies in a transaction with that locktime. */
  public ByteVector afterLockTime(long lockTime) {
    return locked(lockTime, OP_CHECKLOCKTIMEVERIFY.INSTANCE);
  }

  private ByteVector locked(long value, ScriptElt check) {
    return new ByteVector(
        Script.write(
            List.of(
                number(value),
                check,
                OP_DROP.INSTANCE,
                new OP_PUSHDATA(point()),
                OP_CHECKSIG.INSTANCE)));
  }

  /** The shortest push, which is all that nodes relay. */
  private static ScriptElt number(long value) {
    return value >= 1 && value <= 16
        ? Script.fromSimpleValue((byte) value)
        : new OP_PUSHDATA(Script.encodeNumber(value));
  }

  public static ByteVector pay2wsh(ByteVector witnessScript) {
    return new ByteVector(Script.write(Script.pay2wsh(witnessScript)));
  }

  public static Transaction unsigned(
      OutPoint coin, long sequence, long lockTime, TxOut... outputs) {
    return new Transaction(2, List.of(new TxIn(coin, sequence)), List.of(outputs), lockTime);
  }

  /** Signs input 0, a P2WPKH output of this purse. */
  public Transaction sign(Transaction unsigned, long amount) {
    ByteVector signature =
        signature(unsigned, new ByteVector(Script.write(Script.pay2pkh(point()))), amount);
    return unsigned.updateWitness(0, new ScriptWitness(List.of(signature, point().value)));
  }

  /** Signs input 0, a P2WSH output that needs nothing but a signature of this key. */
  public Transaction sign(Transaction unsigned, long amount, ByteVector witnessScript) {
    ByteVector signature = signature(unsigned, witnessScript, amount);
    return unsigned.updateWitness(0, new ScriptWitness(List.of(signature, witnessScript)));
  }

  private ByteVector signature(Transaction unsigned, ByteVector script, long amount) {
    return new ByteVector(
        unsigned.signInput(
            0,
            script,
            SigHash.SIGHASH_ALL,
            new Satoshi(amount),
            SigVersion.SIGVERSION_WITNESS_V0,
            key));
  }
}
