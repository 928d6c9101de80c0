package chargepile.agent.chain.embedded;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeFunding;
import chargepile.agent.chain.FeeFunding.Coin;
import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A P2WPKH wallet on an {@link EmbeddedChain}. Two wallets of one seed are the same wallet: a new
 * one finds the money of the old by asking the chain for the scripts.
 *
 * <p>It spends confirmed outputs and the change of its own unconfirmed payments. Thread-safe.
 */
public final class EmbeddedWallet implements Wallet {
  /** Scripts watched beyond the last one used (BIP 44). */
  private static final int GAP = 20;

  private final EmbeddedChain chain;
  private final WalletKeys keys;

  /** Kept after the broadcast too: a transaction that a node forgets may be sent once more. */
  private final Map<OutPoint, TxId> reserved = new HashMap<>();

  private final Set<TxId> own = new HashSet<>();
  private int next;

  /**
   * @param seed 32 secret bytes
   */
  public EmbeddedWallet(EmbeddedChain chain, ByteVector32 seed, Signer signer) {
    this.chain = chain;
    keys = new WalletKeys(seed, signer);
  }

  // What is reserved is known to the program alone, and forgotten with it.
  @Override
  public void resume(List<Transaction> unsent) {}

  @Override
  public synchronized Transaction fund(ByteVector script, Satoshi amount, Feerate feerate) {
    TxOut payment = new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script);
    List<Unspent> spendable =
        spendable().stream().sorted(Comparator.comparing(Unspent::amount).reversed()).toList();
    List<Unspent> chosen = new ArrayList<>();
    Satoshi collected = Satoshi.ZERO;
    Satoshi needed = amount;
    for (Unspent unspent : spendable) {
      chosen.add(unspent);
      collected = collected.plus(unspent.amount());
      needed = amount.plus(feeOf(chosen, List.of(payment), feerate));
      if (collected.compareTo(needed) >= 0) {
        return pay(chosen, collected, payment, feerate);
      }
    }
    throw new ChainException(
        "the wallet can spend %d sat now, the payment of %d sat needs %d sat with its fee"
            .formatted(collected.value(), amount.value(), needed.value()));
  }

  @Override
  public synchronized Transaction addFee(FeeRequest request) {
    List<Coin> free =
        spendable().stream()
            .filter(unspent -> unspent.minedAt().isPresent())
            .map(unspent -> new Coin(unspent.outPoint(), unspent.output()))
            .toList();
    List<OutPoint> added = FeeFunding.added(request);
    List<TxOut> spent = added.stream().map(this::known).toList();
    Set<OutPoint> confirmed = chain.view(Set.copyOf(added), Set.of()).outputs().keySet();
    List<Coin> again =
        IntStream.range(0, added.size())
            .filter(i -> confirmed.contains(added.get(i)))
            .mapToObj(i -> new Coin(added.get(i), spent.get(i)))
            .toList();
    ByteVector fresh = keys.script(next);
    FeeFunding funding =
        FeeFunding.of(
            request,
            free,
            FeeFunding.earlier(request, spent, again),
            FeeFunding.earlierChange(request).orElse(fresh));
    if (funding.transaction().txOut.getLast().publicKeyScript.equals(fresh)) {
      next++;
    }
    Transaction signed =
        keys.sign(funding.transaction(), funding.coins().stream().map(Coin::output).toList());
    funding.coins().forEach(coin -> reserved.put(coin.outPoint(), signed.txid));
    return signed;
  }

  private TxOut known(OutPoint coin) {
    return chain
        .transaction(coin.txid)
        .map(transaction -> transaction.txOut.get((int) coin.index))
        .orElseThrow(() -> new ChainException("the wallet knows no coin " + coin));
  }

  @Override
  public synchronized void release(Transaction transaction) {
    reserved.values().removeIf(transaction.txid::equals);
  }

  @Override
  public synchronized ByteVector freshScript() {
    skipUsed();
    return keys.script(next++);
  }

  @Override
  public synchronized Satoshi balance() {
    return spendable().stream().map(Unspent::amount).reduce(Satoshi.ZERO, Satoshi::plus);
  }

  private Transaction pay(List<Unspent> chosen, Satoshi collected, TxOut payment, Feerate feerate) {
    List<TxOut> outputs = new ArrayList<>(List.of(payment));
    ByteVector changeScript = freshScript();
    TxOut change = new TxOut(new fr.acinq.bitcoin.Satoshi(0), changeScript);
    long rest =
        collected.value()
            - payment.amount.toLong()
            - feeOf(chosen, List.of(payment, change), feerate).value();
    // Less than a node relays goes to the miner.
    if (rest >= RelayPolicy.dustLimit(change)) {
      outputs.add(change.updateAmount(new fr.acinq.bitcoin.Satoshi(rest)));
    } else {
      next--;
    }
    Transaction signed =
        keys.sign(unsigned(chosen, outputs), chosen.stream().map(Unspent::output).toList());
    chosen.forEach(unspent -> reserved.put(unspent.outPoint(), signed.txid));
    own.add(signed.txid);
    return signed;
  }

  /** The fee of the transaction with signatures of the greatest length. */
  private static Satoshi feeOf(List<Unspent> inputs, List<TxOut> outputs, Feerate feerate) {
    int weight = Transaction.weight(WalletKeys.withLargestWitnesses(unsigned(inputs, outputs)));
    return feerate.fee(weight).plus(new Satoshi(1));
  }

  private static Transaction unsigned(List<Unspent> inputs, List<TxOut> outputs) {
    List<TxIn> txIn =
        inputs.stream().map(unspent -> new TxIn(unspent.outPoint(), FeeFunding.SEQUENCE)).toList();
    return new Transaction(2, txIn, outputs, 0);
  }

  private List<Unspent> spendable() {
    skipUsed();
    List<Unspent> found = new ArrayList<>();
    for (int i = 0; i < next + GAP; i++) {
      for (Unspent unspent : chain.unspents(keys.script(i))) {
        boolean sure = unspent.minedAt().isPresent() || own.contains(unspent.outPoint().txid);
        if (sure && unspent.mature() && !reserved.containsKey(unspent.outPoint())) {
          found.add(unspent);
        }
      }
    }
    return found;
  }

  /** Moves {@link #next} behind every script that the chain has seen. */
  private void skipUsed() {
    for (int i = next; i < next + GAP; i++) {
      if (chain.isUsed(keys.script(i))) {
        next = i + 1;
      }
    }
  }
}
