package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeFunding;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Wallet;
import chargepile.agent.chain.esplora.Bip84Keys.Branch;
import chargepile.agent.chain.esplora.Coins.Coin;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A wallet of the pile's own seed, BIP 84, whose coins an Esplora server finds. Nothing is stored:
 * the next unused address follows from what the chain has seen, and the same seed finds the same
 * money on any machine.
 *
 * <p>It spends confirmed coins, and the change of what it paid since it was started. Thread-safe;
 * calls wait for each other.
 */
public final class EsploraWallet implements Wallet, AutoCloseable {
  private final EsploraApi api;
  private final Bip84Keys keys;
  private final Transactions transactions;
  private final Coins coins;

  /** Kept after the broadcast too: a transaction that a node forgets may be sent once more. */
  private final Map<OutPoint, TxId> reserved = new HashMap<>();

  private final Set<TxId> own = new HashSet<>();

  /**
   * @param seed 32 secret bytes, the seed of BIP 32
   */
  public EsploraWallet(Server server, Network network, ByteVector seed, Signer signer) {
    api = new EsploraApi(server);
    keys = new Bip84Keys(seed, network, signer);
    transactions = new Transactions(api);
    coins = new Coins(api, transactions, keys);
  }

  // What is reserved is known to the program alone, and forgotten with it.
  @Override
  public void resume(List<Transaction> unsent) {}

  @Override
  public synchronized Transaction fund(ByteVector script, Satoshi amount, Feerate feerate) {
    TxOut payment = new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script);
    try {
      return pay(spendable(false), payment, feerate);
    } catch (ChainException e) {
      // Somebody may have paid to an address that was used up long ago.
      return pay(spendable(true), payment, feerate);
    }
  }

  @Override
  public synchronized Transaction addFee(FeeRequest request) {
    List<OutPoint> added = FeeFunding.added(request);
    List<TxOut> spent = added.stream().map(this::known).toList();
    List<FeeFunding.Coin> again = new ArrayList<>();
    for (int i = 0; i < added.size(); i++) {
      if (isUnspent(added.get(i))) {
        again.add(new FeeFunding.Coin(added.get(i), spent.get(i)));
      }
    }
    List<Coin> free = spendable(false).stream().filter(Coin::confirmed).toList();
    return answer(request, free, FeeFunding.earlier(request, spent, again));
  }

  @Override
  public synchronized void release(Transaction transaction) {
    reserved.values().removeIf(transaction.txid::equals);
  }

  /** {@inheritDoc} After twenty that nobody paid to, the last one again (BIP 44's gap limit). */
  @Override
  public synchronized ByteVector freshScript() {
    return coins.take(Branch.RECEIVING);
  }

  @Override
  public synchronized Satoshi balance() {
    return sum(spendable(false));
  }

  /** An address to pay to, which nobody paid to as far as is known; asking again gives the same. */
  public synchronized String address() {
    return coins.nextAddress();
  }

  @Override
  public void close() {
    api.close();
  }

  private List<Coin> spendable(boolean everywhere) {
    return coins.find(everywhere).stream()
        .filter(coin -> coin.confirmed() || own.contains(coin.outPoint().txid))
        .filter(coin -> !reserved.containsKey(coin.outPoint()))
        .toList();
  }

  /** A payment is a request for the fee of a transaction that has no inputs yet. */
  private Transaction pay(List<Coin> spendable, TxOut payment, Feerate feerate) {
    FeeRequest request =
        new FeeRequest(
            new Transaction(2, List.of(), List.of(payment), 0),
            List.of(),
            0,
            Optional.empty(),
            feerate,
            Optional.empty());
    Transaction paid = answer(request, spendable, Optional.empty());
    own.add(paid.txid);
    return paid;
  }

  private Transaction answer(
      FeeRequest request, List<Coin> free, Optional<FeeFunding.Earlier> earlier) {
    ByteVector fresh = coins.peek(Branch.CHANGE);
    FeeFunding funding;
    try {
      funding =
          FeeFunding.of(
              request,
              free.stream().map(EsploraWallet::fundable).toList(),
              earlier,
              FeeFunding.earlierChange(request).orElse(fresh));
    } catch (ChainException e) {
      throw new ChainException(
          "%s; its next address is %s".formatted(e.getMessage(), coins.nextAddress()), e);
    }
    if (funding.transaction().txOut.getLast().publicKeyScript.equals(fresh)) {
      coins.take(Branch.CHANGE);
    }
    Transaction signed =
        keys.sign(
            funding.transaction(), funding.coins().stream().map(FeeFunding.Coin::output).toList());
    funding.coins().forEach(coin -> reserved.put(coin.outPoint(), signed.txid));
    return signed;
  }

  /** Whether a coin that an earlier answer spends is in a block, and no block spends it. */
  private boolean isUnspent(OutPoint coin) {
    return transactions.minedAt(coin.txid).isPresent()
        && transactions.spender(coin).flatMap(Spender::minedAt).isEmpty();
  }

  private TxOut known(OutPoint coin) {
    return transactions
        .output(coin)
        .orElseThrow(() -> new ChainException("the wallet knows no coin %s".formatted(coin)));
  }

  private static FeeFunding.Coin fundable(Coin coin) {
    return new FeeFunding.Coin(coin.outPoint(), coin.output());
  }

  private static Satoshi sum(List<Coin> coins) {
    return new Satoshi(coins.stream().mapToLong(coin -> coin.output().amount.toLong()).sum());
  }
}
