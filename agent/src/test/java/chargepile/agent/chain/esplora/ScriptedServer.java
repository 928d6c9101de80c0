package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.channel.ChainView;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.BlockId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that says what a test tells it to, path by path, and is in order at first. */
abstract class ScriptedServer {
  static final String TIP = "00".repeat(31) + "05";
  static final String OTHER_TIP = "00".repeat(31) + "06";
  static final Purse ALICE = Purse.named("alice");
  static final OutPoint COIN = new OutPoint(new TxId(ByteVector32.One), 0);
  static final Transaction PARENT =
      ALICE.spend(COIN, 20_000, ALICE.output(10_000), ALICE.output(9_000));
  static final OutPoint OUTPUT = new OutPoint(PARENT, 0);
  static final Transaction SPEND = ALICE.spend(OUTPUT, 10_000, ALICE.output(9_000));

  record Page(int status, String body) {}

  final Map<String, Deque<Page>> pages = new HashMap<>();
  final AtomicInteger requests = new AtomicInteger();
  HttpServer server;
  String at = "";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    at = "http://127.0.0.1:" + server.getAddress().getPort() + "/api";
    page("/blocks/tip/height", "5");
    page("/blocks/tip/hash", TIP);
    page("/block-height/5", TIP);
    page("/block/" + TIP, "{\"timestamp\": 1700000000}");
    page("/block/" + OTHER_TIP, "{\"timestamp\": 1700000600}");
    page("/block-height/0", hex(Network.REGTEST));
    page("/fee-estimates", "{}");
    page("/mempool/recent", "[]");
    page(tx(PARENT) + "/status", mined(3));
    page(tx(PARENT) + "/hex", hex(PARENT));
    page(tx(PARENT) + "/outspend/0", spentBy(SPEND, "{\"confirmed\": false}"));
    page(tx(SPEND) + "/hex", hex(SPEND));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath().substring("/api".length());
    Deque<Page> answers = pages.get(path);
    Page page = new Page(404, "nothing here");
    if (answers != null) {
      page = answers.size() > 1 ? answers.remove() : answers.element();
    }
    byte[] bytes = page.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(page.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What a path answers from now on; of several the last one again and again. */
  final synchronized void page(String path, String... bodies) {
    pages.put(path, new ArrayDeque<>());
    for (String body : bodies) {
      pages.get(path).add(new Page(200, body));
    }
  }

  final synchronized void page(String path, int status, String body) {
    pages.put(path, new ArrayDeque<>(List.of(new Page(status, body))));
  }

  /** What a path answers once, before what it answered so far. */
  final synchronized void first(String path, int status, String body) {
    pages.computeIfAbsent(path, asked -> new ArrayDeque<>()).addFirst(new Page(status, body));
  }

  static String tx(Transaction transaction) {
    return "/tx/" + transaction.txid.value.toHex();
  }

  static String hex(Transaction transaction) {
    return HexFormat.of().formatHex(Transaction.write(transaction));
  }

  static String hex(Network network) {
    return new BlockId(network.genesis()).value.toHex();
  }

  static String mined(int height) {
    return "{\"confirmed\": true, \"block_height\": %d, \"block_hash\": \"%s\"}"
        .formatted(height, TIP);
  }

  static String spentBy(Transaction spend, String status) {
    return "{\"spent\": true, \"txid\": \"%s\", \"vin\": 0, \"status\": %s}"
        .formatted(spend.txid.value.toHex(), status);
  }

  final EsploraChain chain(Network network) {
    return new EsploraChain(
        new Server(URI.create(at), Duration.ofMillis(100), Duration.ofSeconds(1)),
        network,
        FeerateBounds.DEFAULT);
  }

  final ChainView view() {
    try (EsploraChain chain = chain(Network.REGTEST)) {
      return chain.view(Set.of(OUTPUT), Set.of(PARENT.txid));
    }
  }

  String complaint() {
    return String.valueOf(assertThrows(ChainException.class, this::view).getMessage());
  }

  String nonsense(String path, String what) {
    return "the Esplora server at %s answers nonsense to %s: %s".formatted(at, path, what);
  }
}
