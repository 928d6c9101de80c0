package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.fail;

import chargepile.agent.chain.Purse;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * A bitcoind of the tests' own, driven by them: a {@link PrivateNode} with a wallet that mines and
 * pays.
 */
public final class RegtestNode implements AutoCloseable {
  /** Knots' own policy is stricter than what most of the network relays. */
  private static final List<String> POLICY =
      List.of("-corepolicy=1", "-minrelaytxfee=0.00001", "-incrementalrelayfee=0.00001");

  /** Ten coinbases for the wallet to pay from. */
  private static final int MATURE = 110;

  private static final String WALLET = "miner";

  private final PrivateNode node;
  private final BitcoindRpc rpc;
  private final BitcoindRpc wallet;
  private String address;
  private int miners;

  private RegtestNode(PrivateNode node) {
    this.node = node;
    rpc = node.rpc();
    wallet = new BitcoindRpc(endpoint(), "/wallet/" + WALLET);
    createWallet(WALLET);
    rpc.order("generatetoaddress", MATURE, wallet.ask("getnewaddress").text());
    address = nextMiner();
  }

  /** The program; aborts the test, or fails it where {@code CI=true}, without one. */
  public static Path program() {
    Path program = Path.of(System.getProperty("chargepile.peers", "target/peers"));
    program = program.resolve("bitcoin/bin/bitcoind").toAbsolutePath();
    if (PrivateNode.isProgram(program)) {
      return program;
    }
    String why = "no bitcoind in chargepile.peers, which src/peers/fetch-bitcoin.sh unpacks";
    return "true".equals(System.getenv("CI")) ? fail(why) : Assumptions.abort("skipped: " + why);
  }

  /** A node with some blocks; aborts or fails the test as {@link #program} does. */
  public static RegtestNode start(String... flags) {
    List<String> all = new ArrayList<>(POLICY);
    all.addAll(List.of(flags));
    try {
      return new RegtestNode(PrivateNode.start(program(), all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Endpoint endpoint() {
    return node.endpoint();
  }

  Endpoint endpoint(Credentials credentials) {
    return new Endpoint(endpoint().url(), credentials, endpoint().timeout());
  }

  BitcoindRpc rpc() {
    return rpc;
  }

  public void createWallet(String name) {
    rpc.order("createwallet", name);
  }

  public void unloadWallet(String name) {
    rpc.order("unloadwallet", name);
  }

  public void loadWallet(String name) {
    rpc.order("loadwallet", name);
  }

  public int height() {
    return rpc.ask("getblockcount").whole();
  }

  /** Mines blocks with what waits in the mempool. */
  public void mine(int blocks) {
    rpc.order("generatetoaddress", blocks, address);
  }

  /** Mines a block at a time of the test's own. */
  public void mineAt(Instant time) {
    rpc.order("setmocktime", time.getEpochSecond());
    mine(1);
  }

  /** Mines a block with exactly these transactions. */
  public void mineWith(List<Transaction> transactions) {
    List<String> hex =
        transactions.stream()
            .map(transaction -> HexFormat.of().formatHex(Transaction.write(transaction)))
            .toList();
    try {
      rpc.order("generateblock", address, hex);
    } catch (NodeError e) {
      throw new RejectedException(e.reason());
    }
  }

  /** Mines a block whose coinbase pays to {@code script}; gives the coinbase. */
  public Transaction mineTo(ByteVector script) {
    String descriptor = "raw(" + script.toHex() + ")";
    String checksum = rpc.ask("getdescriptorinfo", descriptor).at("checksum").text();
    rpc.order("generatetodescriptor", 1, descriptor + "#" + checksum);
    String block = rpc.ask("getblock", rpc.ask("getbestblockhash").text(), 0).text();
    return Block.read(block).tx.getFirst();
  }

  /** Pays {@code amount} to {@code script} in a new block that holds nothing else. */
  public OutPoint fund(ByteVector script, Satoshi amount) {
    String to = rpc.ask("decodescript", script.toHex()).at("address").text();
    String bitcoin = BigDecimal.valueOf(amount.value(), 8).toPlainString();
    String txid = wallet.order("sendtoaddress", to, bitcoin).text();
    rpc.order("generateblock", address, List.of(txid));
    Transaction paid = Transaction.read(wallet.ask("gettransaction", txid).at("hex").text());
    int index = paid.txOut.stream().map(output -> output.publicKeyScript).toList().indexOf(script);
    return new OutPoint(paid, index);
  }

  /** Replaces the last blocks by a branch with exactly these transactions. */
  public void reorganise(int depth, List<List<Transaction>> branch) {
    dropBlocks(depth);
    branch.forEach(this::mineWith);
  }

  /** Makes the node think the last blocks invalid: its chain is shorter then. */
  public void dropBlocks(int depth) {
    // With the coinbase of before a new block could be the very one that is declared invalid.
    address = nextMiner();
    rpc.order("invalidateblock", rpc.ask("getblockhash", height() - depth + 1).text());
  }

  /** What waits for a block. */
  public List<Transaction> mempool() {
    return rpc.ask("getrawmempool").items().stream()
        .map(txid -> Transaction.read(rpc.ask("getrawtransaction", txid.text()).text()))
        .toList();
  }

  /** What the unspent outputs with a script hold, in blocks and in the mempool. */
  public Satoshi balance(ByteVector script) {
    Json coins = rpc.ask("scantxoutset", "start", List.of("raw(" + script.toHex() + ")"));
    Satoshi sum = Satoshi.ZERO;
    for (Json coin : coins.at("unspents").items()) {
      sum = sum.plus(unspent(coin.at("txid").text(), coin.at("vout").whole()));
    }
    for (Transaction transaction : mempool()) {
      for (int i = 0; i < transaction.txOut.size(); i++) {
        if (transaction.txOut.get(i).publicKeyScript.equals(script)) {
          sum = sum.plus(unspent(transaction.txid.value.toHex(), i));
        }
      }
    }
    return sum;
  }

  /** What an output holds; nothing when the mempool spends it. */
  private Satoshi unspent(String txid, int index) {
    Json output = rpc.ask("gettxout", txid, index, true);
    return output.isNull() ? Satoshi.ZERO : output.at("value").satoshi();
  }

  /** Stops it at once, as a power cut does. */
  public void kill() {
    node.kill();
  }

  /** The wallet would write every block to disk that pays to it. */
  private String nextMiner() {
    ByteVector script = Purse.named("miner " + miners++).script();
    return rpc.ask("decodescript", script.toHex()).at("address").text();
  }

  /** Starts it again on what it has on disk, after {@link #kill} or {@link #stop}. */
  public void restart() {
    try {
      node.restart();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (rpc.ask("listwallets").items().isEmpty()) {
      rpc.order("loadwallet", WALLET);
    }
  }

  /** Stops it and starts it with an empty mempool. */
  public void restartWithoutMempool() {
    List<Json> loaded = rpc.ask("listwallets").items();
    stop();
    try {
      Files.deleteIfExists(node.folder().resolve("regtest/mempool.dat"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restart();
    Set<String> present =
        rpc.ask("listwallets").items().stream().map(Json::text).collect(Collectors.toSet());
    loaded.stream()
        .map(Json::text)
        .filter(name -> !present.contains(name))
        .forEach(name -> rpc.order("loadwallet", name));
  }

  /** Makes it hang: it takes connections and answers nothing, until {@link #resume}. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(node.pid())).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it on another network, at the same port, with nothing but the first block. */
  void startAs(String network) {
    try {
      node.startAs(network);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes over another's chain, as the network would bring it. */
  void copy(RegtestNode other) {
    int height = other.height();
    List<String> hashes = new ArrayList<>();
    for (int i = 1; i <= height; i++) {
      hashes.add(other.rpc.ask("getblockhash", i).text());
    }
    int common = 0;
    while (common < Math.min(height, height())
        && rpc.ask("getblockhash", common + 1).text().equals(hashes.get(common))) {
      common++;
    }
    if (common < height()) {
      dropBlocks(height() - common);
    }
    for (String hash : hashes.subList(common, height)) {
      rpc.order("submitblock", other.rpc.ask("getblock", hash, 0).text());
    }
    if (!rpc.ask("getbestblockhash").text().equals(hashes.getLast())) {
      throw new IllegalStateException("the node does not take the other's blocks");
    }
  }

  /** Stops it as its operator does. */
  public void stop() {
    node.stop();
  }

  @Override
  public void close() {
    node.close();
  }
}
