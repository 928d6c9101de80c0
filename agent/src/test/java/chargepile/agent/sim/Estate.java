package chargepile.agent.sim;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the money of a channel has gone to on the chain, followed from its funding output. What the
 * wallets add for fees is no part of it.
 */
final class Estate {
  /** BOLT 3: an anchor output is for whoever needs it. */
  private static final long ANCHOR = 330;

  private static final byte OP_DUP = 0x76;

  private final Map<OutPoint, TxOut> held = new LinkedHashMap<>();
  private final List<Transaction> transactions = new ArrayList<>();
  private long fees;

  private Estate() {}

  /** What has become of this output up to the tip. */
  static Estate of(EmbeddedChain chain, OutPoint funding) {
    Estate estate = new Estate();
    for (int height = 1; height <= chain.tip().value(); height++) {
      Optional<Block> block = chain.block(new BlockHeight(height));
      for (Transaction transaction : block.orElseThrow().tx) {
        if (transaction.txid.equals(funding.txid)) {
          estate.held.put(funding, transaction.txOut.get((int) funding.index));
        } else {
          estate.spend(transaction);
        }
      }
    }
    return estate;
  }

  private void spend(Transaction transaction) {
    List<TxIn> inputs = transaction.txIn;
    if (inputs.stream().noneMatch(input -> held.containsKey(input.outPoint))) {
      return;
    }
    transactions.add(transaction);
    if (inputs.stream().allMatch(input -> held.containsKey(input.outPoint))) {
      for (TxIn input : inputs) {
        fees += amount(Objects.requireNonNull(held.remove(input.outPoint)));
      }
      for (int i = 0; i < transaction.txOut.size(); i++) {
        take(transaction, i);
      }
      return;
    }
    // A wallet pays the fee: what each input of the channel's moves is in the output beside it.
    for (int i = 0; i < inputs.size(); i++) {
      TxOut moved = held.remove(inputs.get(i).outPoint);
      if (moved != null) {
        fees += amount(moved);
        if (amount(moved) > ANCHOR) {
          take(transaction, i);
        }
      }
    }
  }

  private void take(Transaction transaction, int index) {
    TxOut output = transaction.txOut.get(index);
    fees -= amount(output);
    held.put(new OutPoint(transaction, index), output);
  }

  private static long amount(TxOut output) {
    return output.amount.toLong();
  }

  /** What was paid for getting it there, anchors that were used included; satoshi. */
  long fees() {
    return fees;
  }

  /** What came to a script, in satoshi. */
  long at(ByteVector script) {
    return held.values().stream()
        .filter(output -> output.publicKeyScript.equals(script))
        .mapToLong(Estate::amount)
        .sum();
  }

  /** All that there is, in satoshi. */
  long whole() {
    return held.values().stream().mapToLong(Estate::amount).sum();
  }

  /** Outputs that are at none of these homes though they are worth taking. */
  List<TxOut> stranded(long worth, List<ByteVector> homes) {
    return outside(homes).filter(output -> amount(output) > worth).toList();
  }

  /** What is at none of these homes because it is not worth taking, in satoshi. */
  long left(long worth, List<ByteVector> homes) {
    return outside(homes).mapToLong(Estate::amount).filter(amount -> amount <= worth).sum();
  }

  private Stream<TxOut> outside(List<ByteVector> homes) {
    return held.values().stream().filter(output -> !homes.contains(output.publicKeyScript));
  }

  /** How many HTLCs had an output on the chain that was then taken by one side or the other. */
  long htlcs() {
    return transactions.stream()
        .flatMap(transaction -> transaction.txIn.stream())
        .filter(input -> isOfHtlc(input.witness.stack))
        .count();
  }

  /** BOLT 3: all scripts of HTLCs begin by looking for the revocation key, and no other does. */
  private static boolean isOfHtlc(List<ByteVector> witness) {
    return !witness.isEmpty()
        && witness.getLast().size() > 100
        && witness.getLast().get(0) == OP_DUP;
  }

  /** How many transactions moved some of it to a script and nowhere else. */
  long sweepsTo(ByteVector script) {
    return transactions.stream()
        .filter(transaction -> transaction.txOut.size() == 1)
        .filter(transaction -> transaction.txOut.getFirst().publicKeyScript.equals(script))
        .count();
  }
}
