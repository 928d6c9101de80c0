package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.json.Json;
import chargepile.agent.chain.json.JsonReader;
import chargepile.agent.json.JsonText;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.Bitcoin;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Script;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An Esplora server in front of a regtest node: the endpoints that the agent uses, with the answers
 * that electrs gives.
 */
public final class RegtestEsplora implements AutoCloseable {
  private static final int NOT_FOUND = 404;
  private static final int BAD_REQUEST = 400;

  private final RegtestNode node;
  private final BlocksAndMempool index;
  private final HttpServer server;
  private volatile Consumer<String> meanwhile = path -> {};

  public RegtestEsplora(RegtestNode node) {
    this.node = node;
    index = new BlocksAndMempool(node);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/api", this::answer);
    server.start();
  }

  /** Where its API begins. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api");
  }

  /** Lets something happen before each answer; it is given the path that is asked for. */
  public void meanwhile(Consumer<String> happening) {
    meanwhile = happening;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private record Page(int status, String body) {
    static Page of(Object document) {
      return new Page(200, document instanceof String text ? text : JsonText.of(document));
    }

    static Page of(Optional<String> document) {
      return document.map(Page::of).orElse(new Page(NOT_FOUND, "not found"));
    }
  }

  /** The server has one thread, so nothing changes while a page is made. */
  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath().substring("/api".length());
    Page page;
    try {
      meanwhile.accept(path);
      index.sync();
      page =
          exchange.getRequestMethod().equals("POST")
              ? post(path, body)
              : get(List.of(path.substring(1).split("/", -1)));
    } catch (RuntimeException e) {
      page = new Page(500, e.toString());
    }
    byte[] bytes = page.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(page.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Page get(List<String> path) {
    return switch (String.join("/", path.size() > 1 ? path.subList(0, 1) : path)) {
      case "blocks" ->
          path.getLast().equals("hash")
              ? Page.of(index.hash(index.height()))
              : Page.of(Integer.toString(index.height()));
      case "block" -> Page.of(block(path.get(1)));
      case "block-height" -> Page.of(index.hash(Integer.parseInt(path.get(1))));
      case "tx" -> transaction(new TxId(path.get(1)), path);
      case "address" -> address(path);
      case "mempool" -> Page.of(index.recent().stream().map(RegtestEsplora::overview).toList());
      case "fee-estimates" -> Page.of(estimates());
      default -> new Page(NOT_FOUND, "endpoint does not exist");
    };
  }

  private Map<String, Object> block(String hash) {
    Json header = node.rpc().ask("getblockheader", hash);
    return Map.of(
        "id", hash, "height", header.at("height").whole(), "timestamp", header.at("time").whole());
  }

  private Page transaction(TxId txid, List<String> path) {
    return switch (path.get(2)) {
      case "status" -> Page.of(status(txid));
      case "hex" -> Page.of(index.transaction(txid).map(RegtestEsplora::hex));
      case "outspend" -> Page.of(outspend(new OutPoint(txid, Long.parseLong(path.get(3)))));
      default -> new Page(NOT_FOUND, "endpoint does not exist");
    };
  }

  private Map<String, Object> status(TxId txid) {
    Optional<Integer> height = index.minedAt(txid);
    return height.isEmpty()
        ? Map.of("confirmed", false)
        : Map.of(
            "confirmed",
            true,
            "block_height",
            height.get(),
            "block_hash",
            index.hash(height.get()).orElseThrow());
  }

  private Map<String, Object> outspend(OutPoint output) {
    return index
        .spender(output)
        .<Map<String, Object>>map(
            spender ->
                Map.of(
                    "spent",
                    true,
                    "txid",
                    spender.txid().value.toHex(),
                    "vin",
                    spender.input(),
                    "status",
                    status(spender.txid())))
        .orElse(Map.of("spent", false));
  }

  private Page address(List<String> path) {
    var script = Bitcoin.addressToPublicKeyScript(Block.RegtestGenesisBlock.hash, path.get(1));
    if (script.getRight() == null) {
      return new Page(BAD_REQUEST, "invalid address");
    }
    ByteVector bytes = new ByteVector(Script.write(script.getRight()));
    List<OutPoint> mined = index.paidInBlocks(bytes);
    List<OutPoint> waiting = index.paidInMempool(bytes);
    if (path.size() > 2) {
      return Page.of(
          Stream.concat(mined.stream(), waiting.stream())
              .filter(coin -> index.spender(coin).isEmpty())
              .map(this::coin)
              .toList());
    }
    List<OutPoint> all = new ArrayList<>(mined);
    all.addAll(waiting);
    long spentByMempool =
        all.stream().filter(coin -> index.waitingSpender(coin).isPresent()).count();
    long spent = all.stream().filter(coin -> index.spender(coin).isPresent()).count();
    return Page.of(
        Map.of(
            "address",
            path.get(1),
            "chain_stats",
            statistics(mined.size(), spent - spentByMempool),
            "mempool_stats",
            statistics(waiting.size(), spentByMempool)));
  }

  private static Map<String, Object> statistics(long funded, long spent) {
    return Map.of("funded_txo_count", funded, "spent_txo_count", spent, "tx_count", funded + spent);
  }

  private Map<String, Object> coin(OutPoint coin) {
    Transaction transaction = index.transaction(coin.txid).orElseThrow();
    return Map.of(
        "txid",
        coin.txid.value.toHex(),
        "vout",
        coin.index,
        "value",
        transaction.txOut.get((int) coin.index).amount.toLong(),
        "status",
        status(coin.txid));
  }

  private static Map<String, Object> overview(Transaction transaction) {
    return Map.of("txid", transaction.txid.value.toHex(), "vsize", transaction.weight() / 4);
  }

  /** In satoshi a virtual byte, as far as the node has any. */
  private Map<String, Object> estimates() {
    Map<String, Object> known = new LinkedHashMap<>();
    for (int blocks : new int[] {2, 3, 6, 144}) {
      node.rpc()
          .ask("estimatesmartfee", blocks)
          .find("feerate")
          .map(Json::decimal)
          .map(bitcoinPerKvb -> bitcoinPerKvb.movePointRight(5))
          .ifPresent((BigDecimal feerate) -> known.put(Integer.toString(blocks), feerate));
    }
    return new HashMap<>(known);
  }

  private Page post(String path, String body) {
    try {
      if (path.equals("/txs/package")) {
        List<Object> hexes =
            JsonReader.read(body).items().stream().<Object>map(Json::text).toList();
        Json result = node.rpc().ask("submitpackage", hexes);
        return Page.of(JsonText.of(plain(result)));
      }
      return Page.of(node.rpc().ask("sendrawtransaction", body).text());
    } catch (NodeError e) {
      return new Page(
          BAD_REQUEST,
          "sendrawtransaction RPC error: "
              + JsonText.of(Map.of("code", e.code(), "message", e.reason())));
    } catch (JsonReader.MalformedJsonException e) {
      return new Page(BAD_REQUEST, e.toString());
    }
  }

  private static Object plain(Json value) {
    return switch (value) {
      case Json.Text(String text) -> text;
      case Json.Decimal(BigDecimal number) -> number;
      case Json.Truth(boolean truth) -> truth;
      case Json.Array(List<Json> values) -> values.stream().map(RegtestEsplora::plain).toList();
      case Json.Fields(Map<String, Json> fields) -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        fields.forEach((name, field) -> plain.put(name, plain(field)));
        yield plain;
      }
      case Json.Nothing nothing -> "";
    };
  }

  private static String hex(Transaction transaction) {
    return HexFormat.of().formatHex(Transaction.write(transaction));
  }
}
