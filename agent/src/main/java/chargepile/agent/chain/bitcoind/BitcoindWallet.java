package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Wallet;
import chargepile.agent.chain.json.Json;
import chargepile.agent.channel.FeeRequest;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A descriptor wallet of a Bitcoin node, asked over RPC. The node keeps the keys; reserved inputs
 * are locked in its memory and free again when it restarts, or when the program does and no
 * transaction needs them.
 *
 * <p>Thread-safe. No order is given twice: where an answer is lost the caller sees a {@link
 * ChainException}, and inputs may stay locked until either restarts.
 */
public final class BitcoindWallet implements Wallet, AutoCloseable {
  /** Others may take a coin between the look at it and its reservation; not again and again. */
  private static final int TRIES = 3;

  private final BitcoindRpc rpc;
  private final CoinLocks locks;
  private final FeeInputs fees;

  /**
   * @param name the wallet's name at the node; it must be loaded
   * @param reserved of this wallet alone
   */
  public BitcoindWallet(Endpoint endpoint, String name, ReservedCoins reserved) {
    String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    rpc = new BitcoindRpc(endpoint, "/wallet/" + path);
    locks = new CoinLocks(rpc, reserved);
    fees = new FeeInputs(rpc, locks);
  }

  @Override
  public void resume(List<Transaction> unsent) {
    locks.resume(inputs(unsent.stream()).collect(Collectors.toSet()));
  }

  @Override
  public Transaction fund(ByteVector script, Satoshi amount, Feerate feerate) {
    return amongFreeCoins(() -> tryToFund(script, amount, feerate));
  }

  private Transaction tryToFund(ByteVector script, Satoshi amount, Feerate feerate) {
    Transaction wanted =
        new Transaction(
            2,
            List.of(),
            List.of(new TxOut(new fr.acinq.bitcoin.Satoshi(amount.value()), script)),
            0);
    Map<String, Object> options =
        Map.of("fee_rate", perVirtualByte(feerate), "changePosition", 1, "change_type", "bech32");
    Json funded;
    try {
      // Without inputs the bytes could be taken for a segwit transaction: it is none.
      funded = rpc.order("fundrawtransaction", hex(wanted), options, false);
    } catch (NodeError e) {
      throw tooPoor(e, amount);
    }
    Transaction unsigned = Transaction.read(funded.at("hex").text());
    List<OutPoint> coins = inputs(Stream.of(unsigned)).toList();
    locks.lock(coins);
    try {
      return sign(unsigned);
    } catch (ChainException e) {
      locks.unlockAfter(coins, e);
      throw e;
    }
  }

  @Override
  public Transaction addFee(FeeRequest request) {
    return amongFreeCoins(() -> fees.add(request));
  }

  private Transaction amongFreeCoins(Supplier<Transaction> choosing) {
    locks.freeLeft();
    for (int i = 1; i < TRIES; i++) {
      try {
        return choosing.get();
      } catch (CoinLocks.TakenException e) {
        // The next try chooses among what is left.
      }
    }
    return choosing.get();
  }

  @Override
  public void release(Transaction transaction) {
    inputs(Stream.of(transaction))
        .filter(coin -> fees.isGivenBackWith(coin, transaction.txid))
        .forEach(locks::unlock);
  }

  private static Stream<OutPoint> inputs(Stream<Transaction> transactions) {
    return transactions.flatMap(transaction -> transaction.txIn.stream()).map(in -> in.outPoint);
  }

  @Override
  public ByteVector freshScript() {
    String address = rpc.order("getnewaddress", "", "bech32").text();
    return new ByteVector(rpc.ask("getaddressinfo", address).at("scriptPubKey").text());
  }

  @Override
  public Satoshi balance() {
    // Confirmed coins and change of its own; neither what is locked nor what strangers still owe.
    return rpc.ask("listunspent", 0, 9_999_999, List.of(), false).items().stream()
        .filter(coin -> coin.at("spendable").truth())
        .map(coin -> coin.at("amount").satoshi())
        .reduce(Satoshi.ZERO, Satoshi::plus);
  }

  @Override
  public void close() {
    rpc.close();
  }

  private Transaction sign(Transaction unsigned) {
    Json answer = rpc.ask("signrawtransactionwithwallet", hex(unsigned));
    if (!answer.at("complete").truth()) {
      throw new ChainException(
          "the wallet of %s can't sign with all its inputs: does it hold the keys, or only watch?"
              .formatted(rpc));
    }
    Transaction signed = Transaction.read(answer.at("hex").text());
    // The commitments that spend this transaction name it by its id, which must not change.
    if (!signed.txid.equals(unsigned.txid)) {
      throw new ChainException(
          "the wallet of %s holds coins of old address types, which can't fund a channel: send them to a bech32 address of its own"
              .formatted(rpc));
    }
    return signed;
  }

  private ChainException tooPoor(NodeError error, Satoshi amount) {
    boolean poor =
        error.code() == NodeError.INSUFFICIENT_FUNDS
            || (error.code() == NodeError.WALLET && error.reason().contains("nsufficient"));
    return poor
        ? new ChainException(
            "the wallet of %s can spend %d sat now, less than the payment of %d sat and its fee"
                .formatted(rpc, balance().value(), amount.value()),
            error)
        : error;
  }

  /** Satoshi per virtual byte, which is 4 weight units. */
  private static BigDecimal perVirtualByte(Feerate feerate) {
    return BigDecimal.valueOf(Math.multiplyExact(feerate.satoshiPerKw(), 4L), 3);
  }

  static String hex(Transaction transaction) {
    return HexFormat.of().formatHex(Transaction.write(transaction));
  }
}
