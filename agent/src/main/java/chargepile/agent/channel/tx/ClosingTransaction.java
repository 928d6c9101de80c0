package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cooperative close of BOLT 3 ("Closing Transaction", for {@code closing_signed}).
 *
 * @param transaction unsigned
 * @param capacity what the funding output holds
 */
public record ClosingTransaction(
    Transaction transaction, Satoshi capacity, PublicKey localFunding, PublicKey remoteFunding) {

  private static final Comparator<TxOut> BIP_69 =
      Comparator.comparingLong((TxOut output) -> output.amount.toLong())
          .thenComparing(output -> output.publicKeyScript.toByteArray(), Arrays::compareUnsigned);

  /**
   * The transaction that pays both balances; one below {@code dustLimit} goes to the fee.
   *
   * @param localPaysFee whether we are the funder
   * @throws IllegalArgumentException when the funder's balance does not cover {@code fee}, the
   *     balances exceed the capacity, or nothing but dust is left
   */
  public static ClosingTransaction build(
      OutPoint funding,
      Satoshi capacity,
      PublicKey localFunding,
      PublicKey remoteFunding,
      Satoshi localAmount,
      ByteVector localScript,
      Satoshi remoteAmount,
      ByteVector remoteScript,
      boolean localPaysFee,
      Satoshi fee,
      Satoshi dustLimit) {
    if (localAmount.plus(remoteAmount).compareTo(capacity) > 0) {
      throw new IllegalArgumentException("the balances exceed the channel's capacity");
    }
    Satoshi payer = localPaysFee ? localAmount : remoteAmount;
    if (payer.compareTo(fee) < 0) {
      throw new IllegalArgumentException(
          "closing fee of %d sat exceeds the funder's balance of %d sat"
              .formatted(fee.value(), payer.value()));
    }
    Satoshi toLocal = localPaysFee ? localAmount.minus(fee) : localAmount;
    Satoshi toRemote = localPaysFee ? remoteAmount : remoteAmount.minus(fee);
    List<TxOut> outputs =
        Stream.of(Scripts.output(toLocal, localScript), Scripts.output(toRemote, remoteScript))
            .filter(output -> output.amount.toLong() >= dustLimit.value())
            .sorted(BIP_69)
            .toList();
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("both balances are below the dust limit after the fee");
    }
    var transaction =
        new Transaction(2, List.of(new TxIn(funding, TxIn.SEQUENCE_FINAL)), outputs, 0);
    return new ClosingTransaction(transaction, capacity, localFunding, remoteFunding);
  }

  /** The weight of a close with both outputs and the largest signatures. */
  public static int weight(ByteVector localScript, ByteVector remoteScript) {
    // An outpoint and keys of the right size; the amounts are of fixed size.
    OutPoint anyFunding = new OutPoint(new TxId(ByteVector32.Zeroes), 0);
    Transaction unsigned =
        new Transaction(
            2,
            List.of(new TxIn(anyFunding, TxIn.SEQUENCE_FINAL)),
            List.of(
                Scripts.output(Satoshi.ZERO, localScript),
                Scripts.output(Satoshi.ZERO, remoteScript)),
            0);
    return unsigned.weight() + FundingScript.WITNESS_WEIGHT;
  }

  /** What both funding keys sign, with SIGHASH_ALL. */
  public ByteVector32 digest() {
    return FundingScript.digest(transaction, capacity, localFunding, remoteFunding);
  }

  /** The transaction ready to publish. The signatures are not checked. */
  public Transaction signed(ByteVector64 localSignature, ByteVector64 remoteSignature) {
    return transaction.updateWitness(
        0, FundingScript.witness(localFunding, localSignature, remoteFunding, remoteSignature));
  }
}
