package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.EvmAddress;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node may do that is none, is out of order, or means ill. */
class NodeTroubleTest {
  private static final ByteVector32 HASH = new ByteVector32("ab".repeat(32));
  private static final String BLOCK =
      """
      {"number":"0x5","hash":"0x%s","parentHash":"0x%s","timestamp":"0x65","baseFeePerGas":"0x7"}\
      """
          .formatted(HASH.toHex(), "cd".repeat(32));
  private static final String LOG =
      """
      {"address":"0x00000000000000000000000000000000000000be","topics":["0x%s"],"data":"0x00",\
      "blockNumber":"0x5","blockHash":"0x%s","transactionHash":"0x%s","logIndex":"0x0"}\
      """
          .formatted("be".repeat(32), HASH.toHex(), HASH.toHex());
  private static final LogFilter FILTER =
      LogFilter.of(EvmAddress.of("0x00000000000000000000000000000000000000be"));

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private EvmRpc node;
  private Script script = (exchange, id) -> {};

  private interface Script {
    void answer(HttpExchange exchange, String id) throws IOException;
  }

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("node-", 0).factory()));
    server.createContext("/", this::answer);
    server.start();
    node = node(Duration.ofSeconds(20));
  }

  private EvmRpc node(Duration timeout) {
    return new EvmRpc(
        new EvmEndpoint(
            URI.create(
                "http://127.0.0.1:%d/v3/secret?key=secret"
                    .formatted(server.getAddress().getPort())),
            Optional.of("Bearer secret"),
            timeout),
        5);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String id = question.replaceAll("(?s).*\"id\":([0-9]+).*", "$1");
      requests.incrementAndGet();
      if (question.contains("eth_chainId")) {
        page(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":\"0x5\"}".formatted(id));
      } else {
        script.answer(exchange, id);
      }
    }
  }

  @AfterEach
  void stop() {
    over.countDown();
    node.close();
    server.stop(0);
  }

  private static void page(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void says(int status, String body) {
    script = (exchange, id) -> page(exchange, status, body.replace("ID", id));
  }

  private void results(String result) {
    says(200, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":%s}".formatted(result));
  }

  private EvmException trouble() {
    return assertThrows(EvmException.class, () -> node.block(BlockRef.LATEST));
  }

  private static void says(EvmException trouble, String words) {
    String message = String.valueOf(trouble.getMessage());
    assertTrue(message.contains(words), message);
    assertTrue(message.startsWith("the EVM node at http://127.0.0.1:"), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void aSoundAnswerIsRead() {
    results(BLOCK);
    assertEquals(5, node.block(BlockRef.LATEST).orElseThrow().number());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Welcome</html>",
        "{",
        "[]",
        "7",
        "{\"id\":ID}",
        "{\"id\":ID,\"result\":7}",
        "{\"id\":99999,\"result\":null}",
        "{\"id\":ID,\"result\":{\"number\":\"0x5\"}}",
        "{\"id\":ID,\"error\":{\"code\":\"x\",\"message\":\"y\"}}",
        "{\"id\":ID,\"error\":7}",
      })
  void garbageIsNamedAsSuch(String body) {
    says(200, body);
    says(trouble(), "nonsense");
  }

  @ParameterizedTest
  @CsvSource({
    "number, 5",
    "number, 0x",
    "number, 0x05",
    "number, 0xg",
    "number, 0x8000000000000000",
    "hash, 0xabcd",
    "hash, abcd",
    "parentHash, 0x",
    "timestamp, 0xffffffffffffff",
    "baseFeePerGas, -0x1",
  })
  void aFieldThatDoesNotFitIsNamed(String field, String value) {
    results(BLOCK.replaceAll("(\"%s\":)\"[^\"]*\"".formatted(field), "$1\"" + value + "\""));
    says(trouble(), "nonsense at eth_getBlockByNumber." + field);
  }

  @Test
  void anAnswerToAnotherQuestionIsNone() {
    results(BLOCK);
    says(
        assertThrows(EvmException.class, () -> node.block(BlockRef.number(4))),
        "block 5 (0xabababababab…) instead of block 4");
    says(
        assertThrows(EvmException.class, () -> node.block(BlockRef.hash(ByteVector32.Zeroes))),
        "instead of");
    results("[%s]".formatted(LOG));
    assertEquals(1, node.logs(FILTER, 5, 5).size());
    says(assertThrows(EvmException.class, () -> node.logs(FILTER, 6, 9)), "other blocks");
    says(
        assertThrows(EvmException.class, () -> node.logs(FILTER, ByteVector32.Zeroes)),
        "another block");
    results("[%s]".formatted(LOG.replace("00be", "00bf")));
    says(assertThrows(EvmException.class, () -> node.logs(FILTER, 5, 5)), "nobody asked for");
    results("\"0x%s\"".formatted("00".repeat(32)));
    says(
        assertThrows(EvmException.class, () -> node.send(ByteVector.fromHex("02"))),
        "the hash of another transaction");
  }

  @Test
  void removedLogsAreNotThere() {
    results("[%s]".formatted(LOG.replace("{", "{\"removed\":true,")));
    assertEquals(0, node.logs(FILTER, 5, 5).size());
  }

  @Test
  void aTransactionThatTheNodeHasAlreadyIsHandedOver() {
    says(200, "{\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"already known\"}}");
    ByteVector raw = ByteVector.fromHex("02c0");
    assertEquals(Keccak256.hash(raw), node.send(raw));
  }

  @Test
  void whatTheContractSaidIsKept() {
    says(
        200,
        "{\"id\":ID,\"error\":{\"code\":3,\"message\":\"execution"
            + " reverted\",\"data\":\"0x01020304\"}}");
    RefusedByNodeException refused =
        assertThrows(RefusedByNodeException.class, () -> node.block(BlockRef.LATEST));
    assertTrue(refused.isRevert());
    assertEquals(ByteVector.fromHex("01020304"), refused.revertData());
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    script =
        (exchange, id) -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          byte[] chunk = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
          while (over.getCount() > 0) {
            out.write(chunk);
          }
        };
    says(trouble(), "more than 16777216 bytes");
  }

  @Test
  void anAnswerThatDripsIsNotWaitedFor() {
    node.close();
    node = node(Duration.ofSeconds(2));
    script =
        (exchange, id) -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          try {
            while (!over.await(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
              out.write(' ');
              out.flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    EvmException trouble = trouble();
    assertInstanceOf(UnreachableNodeException.class, trouble);
    says(trouble, "does not answer eth_getBlockByNumber within 2000 ms");
  }

  @ParameterizedTest
  @CsvSource({
    "401, does not let this machine in",
    "403, does not let this machine in",
    "429, has too much to do",
    "503, has too much to do",
    "301, nonsense",
    "404, nonsense",
    "500, nonsense",
  })
  void anHttpErrorSaysWhatToDo(int status, String words) {
    says(status, "");
    says(trouble(), words);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    script =
        (exchange, id) -> {
          if (requests.get() > 2) {
            page(exchange, 200, "{\"id\":%s,\"result\":%s}".formatted(id, BLOCK));
          }
        };
    assertEquals(5, node.block(BlockRef.LATEST).orElseThrow().number());
  }

  @Test
  void aNodeThatIsNotThereIsNamedWithoutItsKey() {
    server.stop(0);
    EvmException trouble = trouble();
    assertInstanceOf(UnreachableNodeException.class, trouble);
    says(trouble, "can't be reached: start it, or correct its address");
  }

  @Test
  void anAddressWithoutHostOrWithAPasswordIsRefused() {
    for (String url : new String[] {"127.0.0.1:8545", "ftp://host", "http://user:pw@host"}) {
      assertThrows(IllegalArgumentException.class, () -> new EvmEndpoint(URI.create(url)), url);
    }
  }
}
