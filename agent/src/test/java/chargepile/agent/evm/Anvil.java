package chargepile.agent.evm;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real EVM node of our own: anvil, with a chain in memory, on a free port of the loopback. It
 * mines when told, and can be made to reorganise, forget and raise its fees.
 *
 * <p>Its ten accounts of {@link #key(int)} own 10000 coins each.
 */
public final class Anvil implements AutoCloseable {
  public static final long CHAIN_ID = 31_337;

  private static final String MISSING = "no anvil on the PATH or in chargepile.peers";

  /** What anvil derives from its usual phrase (BIP 44, m/44'/60'/0'/0/i). */
  private static final List<String> KEYS =
      List.of(
          "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
          "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
          "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
          "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
          "47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a");

  /** Runs "$@" until standard input ends, and ends with it: also when this process is killed. */
  private static final String UNTIL_PIPE_CLOSES =
      "exec 3<&0; \"$@\" & node=$!; { read -r _ <&3; kill $node; } & wait $node; kill $!";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;

  private final Process process;
  private final EvmEndpoint endpoint;
  private final JsonRpc rpc;
  private final Path output;

  private Anvil(Path program, List<String> flags) throws IOException {
    int port = freePort();
    output = Files.createTempFile("chargepile-anvil", ".log");
    List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_PIPE_CLOSES, "sh"));
    command.addAll(List.of(program.toString(), "--silent"));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(flags);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    endpoint =
        new EvmEndpoint(
            URI.create("http://127.0.0.1:" + port), Optional.empty(), Duration.ofSeconds(30));
    rpc = new JsonRpc(endpoint);
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
        find().orElseGet(() -> Assumptions.abort("skipped: " + MISSING + "; it needs npm"));
    for (int i = 1; i < ATTEMPTS; i++) {
      try {
        return startOnce(program, flags);
      } catch (IOException e) {
        // Another process may have taken the port in the meantime.
        System.err.println("trying again: " + e.getMessage());
      }
    }
    return startOnce(program, flags);
  }

  private static Anvil startOnce(Path program, String... flags)
      throws IOException, InterruptedException {
    Anvil anvil = new Anvil(program, List.of(flags));
    try {
      anvil.awaitReady();
      return anvil;
    } catch (IOException | InterruptedException | RuntimeException e) {
      anvil.close();
      throw e;
    }
  }

  /** On the PATH, else {@code evm/anvil} or {@code evm/bin/anvil} in {@code chargepile.peers}. */
  public static Optional<Path> find() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("PATH");
    for (String directory : (path == null ? "" : path).split(":", -1)) {
      if (!directory.isEmpty()) {
        places.add(Path.of(directory, "anvil"));
      }
    }
    String peers = System.getProperty("chargepile.peers");
    if (peers != null) {
      places.add(Path.of(peers, "evm", "anvil"));
      places.add(Path.of(peers, "evm", "bin", "anvil"));
    }
    return places.stream()
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  public EvmEndpoint endpoint() {
    return endpoint;
  }

  /** A new client of it. */
  public EvmRpc rpc() {
    return new EvmRpc(endpoint, CHAIN_ID);
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
    rpc.ask("anvil_setBalance", Hex.data(account.value()), Hex.quantity(balance.value()));
  }

  /** Puts code where there was none. */
  public void setCode(EvmAddress contract, ByteVector code) {
    rpc.ask("anvil_setCode", Hex.data(contract.value()), Hex.data(code));
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
    rpc.ask(
        "anvil_dealERC20",
        Hex.data(account.value()),
        Hex.data(token.value()),
        Hex.quantity(amount.value()));
  }

  /** The number of the head. */
  public long height() {
    BigInteger number = rpc.ask("eth_blockNumber").quantity();
    return number.longValueExact();
  }

  @Override
  public void close() {
    rpc.close();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      Files.deleteIfExists(output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("the output of anvil stays at " + output + ": " + e.getMessage());
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    Instant latest = Instant.now().plus(START_TIMEOUT);
    while (true) {
      try {
        var unused = rpc.ask("eth_chainId").number();
        return;
      } catch (UnreachableNodeException e) {
        if (!process.isAlive() || Instant.now().isAfter(latest)) {
          throw new IOException(
              "anvil does not start: " + Files.readString(output, StandardCharsets.UTF_8).strip(),
              e);
        }
        Thread.sleep(50);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
