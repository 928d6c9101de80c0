package chargepile.agent.evm;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A real EVM node of our own: anvil, with a chain in memory, on a free port of the loopback. It
 * mines when told, and can be made to reorganise, forget and raise its fees.
 *
 * <p>Its ten accounts of {@link #key(int)} own 10000 coins each.
 */
public final class Anvil implements AutoCloseable {
  public static final long CHAIN_ID = PrivateAnvil.CHAIN_ID;

  /** What anvil derives from its usual phrase (BIP 44, m/44'/60'/0'/0/i). */
  private static final List<String> KEYS =
      List.of(
          "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
          "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
          "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
          "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
          "47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a");

  private final PrivateAnvil anvil;
  private final JsonRpc rpc;

  private Anvil(PrivateAnvil anvil) {
    this.anvil = anvil;
    this.rpc = anvil.rpc();
  }

  /** One that mines a block for every transaction; skips the test where there is no anvil. */
  public static Anvil mining(String... flags) throws IOException, InterruptedException {
    return start(flags);
  }

  /** One that mines nothing unless told; skips the test where there is no anvil. */
  public static Anvil still(String... flags) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--no-mining"));
    all.addAll(List.of(flags));
    return start(all.toArray(new String[0]));
  }

  private static Anvil start(String... flags) throws IOException, InterruptedException {
    Path program =
        PrivateAnvil.find()
            .orElseGet(
                () ->
                    Assumptions.abort(
                        "skipped: no anvil on the PATH or in chargepile.peers; it needs npm"));
    return new Anvil(PrivateAnvil.start(program, List.of(flags)));
  }

  public EvmEndpoint endpoint() {
    return anvil.endpoint();
  }

  /** A new client of it. */
  public EvmRpc rpc() {
    return new EvmRpc(endpoint(), CHAIN_ID);
  }

  /** The key of an account that owns coins, 0 to 4. */
  public static PrivateKey privateKey(int account) {
    return PrivateKey.fromHex(KEYS.get(account));
  }

  public static EvmKey key(int account) {
    return new EvmKey(privateKey(account), new BouncyCastleSigner());
  }

  /** Mines blocks, with what waits in the first of them. */
  public void mine(int blocks) {
    rpc.ask("anvil_mine", Hex.quantity(blocks));
  }

  /** Mines blocks whose times are so many seconds apart. */
  public void mine(int blocks, int seconds) {
    rpc.ask("anvil_mine", Hex.quantity(blocks), Hex.quantity(seconds));
  }

  /** Replaces the last blocks by as many empty ones; their transactions are forgotten. */
  public void reorg(int depth) {
    rpc.ask("anvil_reorg", depth, List.of());
  }

  /** Drops the last blocks. */
  public void rollback(int depth) {
    rpc.ask("anvil_rollback", depth);
  }

  /** Forgets a transaction that waits. */
  public void drop(ByteVector32 transaction) {
    rpc.ask("anvil_dropTransaction", Hex.data(transaction));
  }

  /** Forgets all that waits. */
  public void dropAll() {
    rpc.ask("anvil_dropAllTransactions");
  }

  /** The base fee of the next block; those after it follow from it. */
  public void nextBaseFee(Wei fee) {
    rpc.ask("anvil_setNextBlockBaseFeePerGas", Hex.quantity(fee.value()));
  }

  /** Whether a block is mined for every transaction. */
  public void autoMine(boolean on) {
    rpc.ask("evm_setAutomine", on);
  }

  /** A state to come back to. */
  public String snapshot() {
    return rpc.ask("evm_snapshot").text();
  }

  /** Back to a state, which is used up by that. */
  public void revert(String snapshot) {
    if (!rpc.ask("evm_revert", snapshot).truth()) {
      throw new IllegalStateException("no such snapshot: " + snapshot);
    }
  }

  /** The time of the next block. */
  public void nextTime(Instant time) {
    rpc.ask("evm_setNextBlockTimestamp", Hex.quantity(time.getEpochSecond()));
  }

  /** Lets time pass; the next block shows it. */
  public void passTime(Duration time) {
    rpc.ask("evm_increaseTime", Hex.quantity(time.toSeconds()));
  }

  public void setBalance(EvmAddress account, Wei balance) {
    anvil.setBalance(account, balance);
  }

  /** Puts code where there was none. */
  public void setCode(EvmAddress contract, ByteVector code) {
    anvil.setCode(contract, code);
  }

  public void setNonce(EvmAddress account, long nonce) {
    rpc.ask("anvil_setNonce", Hex.data(account.value()), Hex.quantity(nonce));
  }

  /** Sends a plain transfer out of an account of anvil's, which signs it by itself. */
  public ByteVector32 transfer(int from, EvmAddress to, Wei value) {
    return rpc.ask(
            "eth_sendTransaction",
            Map.of(
                "from",
                Hex.data(key(from).address().value()),
                "to",
                Hex.data(to.value()),
                "value",
                Hex.quantity(value.value())))
        .hash();
  }

  /** Signs, sends and mines a transaction, whatever it costs, and says what became of it. */
  public EvmReceipt carryOut(EvmKey key, TransactionIntent intent) {
    try (EvmRpc node = rpc()) {
      SignedTransaction signed =
          new Eip1559Transaction(
                  CHAIN_ID,
                  node.nonce(key.address(), BlockRef.LATEST),
                  Wei.ofGwei(1),
                  Wei.ofGwei(500),
                  intent.gasLimit().orElse(10_000_000),
                  intent.to(),
                  intent.value(),
                  intent.data())
              .sign(key);
      ByteVector32 hash = node.send(signed.raw());
      if (node.receipt(hash).isEmpty()) {
        mine(1);
      }
      return node.receipt(hash).orElseThrow();
    }
  }

  /** Puts a contract on the chain. */
  public EvmAddress create(EvmKey key, TransactionIntent creation) {
    EvmReceipt receipt = carryOut(key, creation);
    if (!receipt.success()) {
      throw new IllegalStateException("not created: " + creation);
    }
    return receipt.contract().orElseThrow();
  }

  /** Makes a balance of an ERC-20 token. */
  public void give(EvmAddress token, EvmAddress account, Amount amount) {
    anvil.give(token, account, amount);
  }

  /** The number of the head. */
  public long height() {
    BigInteger number = rpc.ask("eth_blockNumber").quantity();
    return number.longValueExact();
  }

  @Override
  public void close() {
    anvil.close();
  }
}
