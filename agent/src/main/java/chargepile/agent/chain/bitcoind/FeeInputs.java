package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeeFunding;
import chargepile.agent.chain.FeeFunding.Coin;
import chargepile.agent.chain.json.Json;
import chargepile.agent.channel.FeeRequest;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Satoshi;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Inputs of a node's wallet for transactions that can't pay their own fee. The node chooses none of
 * them: it refuses to fund a transaction whose other inputs it does not know. Thread-safe.
 */
final class FeeInputs {
  private static final int MANY_CONFIRMATIONS = 9_999_999;

  private final BitcoindRpc rpc;
  private final CoinLocks locks;

  /**
   * The last answer that spends a coin; the transactions it replaces don't give it back. A node
   * that restarts forgets what is reserved, so that this is asked, too.
   */
  private final Map<OutPoint, TxId> holders = new HashMap<>();

  /**
   * @param rpc of the wallet
   */
  FeeInputs(BitcoindRpc rpc, CoinLocks locks) {
    this.rpc = rpc;
    this.locks = locks;
  }

  /** Whether a coin is given back when a transaction is released. */
  synchronized boolean isGivenBackWith(OutPoint coin, TxId transaction) {
    return !holders.containsKey(coin) || holders.remove(coin, transaction);
  }

  /**
   * {@link chargepile.agent.chain.Wallet#addFee}.
   *
   * @throws CoinLocks.TakenException when trying again helps
   */
  synchronized Transaction add(FeeRequest request) {
    List<OutPoint> added = FeeFunding.added(request);
    List<TxOut> spent = added.stream().map(this::known).toList();
    List<Coin> again =
        IntStream.range(0, added.size())
            .filter(i -> isConfirmed(added.get(i)))
            .mapToObj(i -> new Coin(added.get(i), spent.get(i)))
            .toList();
    FeeFunding funding =
        FeeFunding.of(
            request,
            free(),
            FeeFunding.earlier(request, spent, again),
            FeeFunding.earlierChange(request).orElseGet(this::changeScript));
    List<OutPoint> fresh =
        funding.coins().stream().map(Coin::outPoint).filter(coin -> !added.contains(coin)).toList();
    locks.lock(fresh);
    Transaction signed;
    try {
      again.forEach(coin -> locks.keep(coin.outPoint()));
      signed = sign(request, funding);
    } catch (ChainException e) {
      locks.unlockAfter(fresh, e);
      throw e;
    }
    funding.coins().forEach(coin -> holders.put(coin.outPoint(), signed.txid));
    return signed;
  }

  /** An output of a transaction that the wallet has seen. */
  private TxOut known(OutPoint coin) {
    try {
      String hex = rpc.ask("gettransaction", coin.txid.value.toHex()).at("hex").text();
      return Transaction.read(hex).txOut.get((int) coin.index);
    } catch (NodeError e) {
      if (e.code() == NodeError.NOT_FOUND) {
        throw new ChainException(
            "the wallet of %s does not know the coin %s:%d that it is asked to spend again: it belongs to another wallet, or to another request"
                .formatted(rpc, coin.txid, coin.index),
            e);
      }
      throw e;
    }
  }

  /** Whether a block holds a coin and none spends it; the mempool may. */
  private boolean isConfirmed(OutPoint coin) {
    return !rpc.ask("gettxout", coin.txid.value.toHex(), coin.index, false).isNull();
  }

  private List<Coin> free() {
    List<Coin> coins = new ArrayList<>();
    for (Json coin : rpc.ask("listunspent", 1, MANY_CONFIRMATIONS, List.of(), false).items()) {
      ByteVector script = new ByteVector(coin.at("scriptPubKey").text());
      OutPoint outPoint = new OutPoint(new TxId(coin.at("txid").text()), coin.at("vout").whole());
      boolean free = coin.at("spendable").truth() && !holders.containsKey(outPoint);
      if (free && Coin.payable(script)) {
        Satoshi amount = new Satoshi(coin.at("amount").satoshi().value());
        coins.add(new Coin(outPoint, new TxOut(amount, script)));
      }
    }
    return coins;
  }

  private ByteVector changeScript() {
    String address = rpc.order("getrawchangeaddress", "bech32").text();
    return new ByteVector(rpc.ask("getaddressinfo", address).at("scriptPubKey").text());
  }

  /**
   * With the template's inputs as they are: the node knows neither their keys nor their scripts.
   */
  private Transaction sign(FeeRequest request, FeeFunding funding) {
    Transaction unsigned = funding.transaction();
    int first = request.template().txIn.size();
    List<Map<String, Object>> previous = new ArrayList<>();
    for (int i = 0; i < first; i++) {
      previous.add(previous(unsigned.txIn.get(i).outPoint, request.spent().get(i)));
    }
    for (Coin coin : funding.coins()) {
      previous.add(previous(coin.outPoint(), coin.output()));
    }
    Json answer = rpc.ask("signrawtransactionwithwallet", BitcoindWallet.hex(unsigned), previous);
    List<String> unsignedInputs =
        answer.find("errors").map(Json::items).orElse(List.of()).stream()
            .map(error -> error.at("txid").text() + ":" + error.at("vout").whole())
            .toList();
    Transaction theirs = Transaction.read(answer.at("hex").text());
    Transaction signed = unsigned;
    for (int i = first; i < unsigned.txIn.size(); i++) {
      TxIn input = theirs.txIn.get(i);
      String name = input.outPoint.txid.value.toHex() + ":" + input.outPoint.index;
      if (input.witness.isNull() || unsignedInputs.contains(name)) {
        throw new ChainException(
            "the wallet of %s can't sign for its coin %s: does it hold the keys, or only watch?"
                .formatted(rpc, name));
      }
      signed = signed.updateWitness(i, input.witness);
    }
    if (!theirs.txid.equals(signed.txid)) {
      throw new ChainException(
          "%s signed another transaction than it was given: nothing of it is used".formatted(rpc));
    }
    return signed;
  }

  private static Map<String, Object> previous(OutPoint coin, TxOut output) {
    return Map.of(
        "txid",
        coin.txid.value.toHex(),
        "vout",
        coin.index,
        "scriptPubKey",
        output.publicKeyScript.toHex(),
        "amount",
        BigDecimal.valueOf(output.amount.toLong(), 8));
  }
}
