package chargepile.agent.chain.embedded;

import chargepile.agent.chain.ChainException;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OP_1;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.ScriptWitness;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The money that blocks make, given to whoever asks. It lies in outputs that anyone may spend, so
 * no key is needed: P2WSH of {@code OP_1}.
 */
final class Faucet {
  private static final ByteVector REDEEM = new ByteVector(Script.write(List.of(OP_1.INSTANCE)));

  /** Where coinbases pay to unless told otherwise. */
  static final ByteVector SCRIPT = new ByteVector(Script.write(Script.pay2wsh(REDEEM)));

  /** Above the relay fee for any payment, so that one survives a reorganisation. */
  private static final long FEE = 10_000;

  private Faucet() {}

  /**
   * A transaction whose output 0 pays {@code amount} to {@code script}.
   *
   * @param unspents of {@link #SCRIPT}
   * @throws ChainException when the mature ones among them don't suffice
   */
  static Transaction pay(List<Unspent> unspents, ByteVector script, Satoshi amount) {
    long needed = Math.addExact(amount.value(), FEE);
    List<Unspent> usable =
        unspents.stream()
            .filter(unspent -> unspent.mature() && unspent.minedAt().isPresent())
            .sorted(Comparator.comparing(Unspent::amount).reversed())
            .toList();
    List<TxIn> inputs = new ArrayList<>();
    long collected = 0;
    for (Unspent unspent : usable) {
      if (collected >= needed) {
        break;
      }
      inputs.add(
          new TxIn(
              unspent.outPoint(),
              ByteVector.empty,
              TxIn.SEQUENCE_FINAL,
              new ScriptWitness(List.of(REDEEM))));
      collected += unspent.amount().value();
    }
    if (collected < needed) {
      throw new ChainException(
          "the faucet has %d mature satoshi, not %d: ask for less or mine some blocks first"
              .formatted(collected, needed));
    }
    List<TxOut> outputs = new ArrayList<>();
    outputs.add(new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script));
    TxOut change = new TxOut(new fr.acinq.bitcoin.Satoshi(collected - needed), SCRIPT);
    if (collected - needed >= RelayPolicy.dustLimit(change)) {
      outputs.add(change);
    }
    return new Transaction(2, inputs, outputs, 0);
  }
}
