package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.RejectedException;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.Transaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when the node is away, wrong or mad: each by a server that plays it. */
class NodeTroubleTest {
  private static final String INFO =
      """
      {"chain": "regtest", "blocks": 5, "headers": 5, "initialblockdownload": false,
       "bestblockhash": "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"}
      """;

  private record Page(int status, String body) {}

  private final Deque<Page> pages = new ArrayDeque<>();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private String at = "";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          Page page = pages.size() > 1 ? pages.poll() : pages.peek();
          byte[] bytes = page.body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(page.status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    at = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String result(String result) {
    return "[{\"jsonrpc\": \"2.0\", \"id\": 0, \"result\": " + result + "}]";
  }

  private static String error(int code, String message) {
    return "[{\"id\": 0, \"result\": null, \"error\": {\"code\": %d, \"message\": \"%s\"}}]"
        .formatted(code, message);
  }

  private BitcoindChain chain() {
    return chain(at, new Credentials.Password("pile", "secret"), Network.REGTEST);
  }

  private static BitcoindChain chain(String url, Credentials credentials, Network network) {
    Endpoint endpoint = new Endpoint(URI.create(url), credentials, Duration.ofSeconds(1));
    return new BitcoindChain(endpoint, network, FeerateBounds.DEFAULT, Optional.empty());
  }

  private static String complaint(BitcoindChain chain) {
    try (chain) {
      return String.valueOf(
          assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of())).getMessage());
    }
  }

  private String complaint(int status, String body) {
    pages.add(new Page(status, body));
    return complaint(chain());
  }

  @Test
  void aNodeThatIsNotThere() {
    server.stop(0);

    assertEquals(
        "the Bitcoin node at " + at + " can't be reached: start it, or correct its address",
        complaint(chain()));
  }

  @Test
  void aNodeThatHangs() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();

      assertEquals(
          "the Bitcoin node at "
              + url
              + " does not answer getblockchaininfo within 1 s: it hangs or is overloaded",
          complaint(chain(url, new Credentials.Password("pile", "secret"), Network.REGTEST)));
    }
  }

  @Test
  void aWrongPassword() {
    assertEquals(
        "the Bitcoin node at "
            + at
            + " refuses the password of user pile (HTTP 401): compare it with rpcauth or"
            + " rpcpassword in its bitcoin.conf",
        complaint(401, ""));
  }

  @Test
  void aPasswordIsNeverShown() {
    assertEquals("Password[user=pile]", new Credentials.Password("pile", "secret").toString());
  }

  @Test
  void aCookieThatIsNotThere(@TempDir Path folder) {
    Path cookie = folder.resolve(".cookie");

    assertEquals(
        "the cookie "
            + cookie
            + " of the Bitcoin node at "
            + at
            + " can't be read (NoSuchFileException): is the node running, and may this user read"
            + " the file?",
        complaint(chain(at, new Credentials.CookieFile(cookie), Network.REGTEST)));
  }

  @Test
  void aMachineThatIsNotLetIn() {
    assertEquals(
        "the Bitcoin node at "
            + at
            + " does not let this machine in (HTTP 403): add it to rpcallowip",
        complaint(403, ""));
  }

  @Test
  void aNodeThatIsStarting() {
    assertEquals(
        "the Bitcoin node at "
            + at
            + " is still starting (Loading block index…): asking again later",
        complaint(500, error(-28, "Loading block index…")));
  }

  @Test
  void anotherNetwork() {
    pages.add(new Page(200, result(INFO)));

    assertEquals(
        "the Bitcoin node at "
            + at
            + " is on the network regtest, and main is configured: correct its address or the"
            + " network",
        complaint(chain(at, new Credentials.Password("pile", "secret"), Network.MAINNET)));
  }

  @Test
  void aNodeThatIsSyncing() {
    assertEquals(
        "the Bitcoin node at " + at + " is still syncing (block 5 of 900 known): waiting for it",
        complaint(
            200,
            result(INFO.replace("false", "true").replace("\"headers\": 5", "\"headers\": 900"))));
  }

  @Test
  void whatIsNoNodeAtAll() {
    assertEquals(
        "the Bitcoin node at "
            + at
            + " answers nonsense to getblockchaininfo (HTTP 200, no value at character 0): is it a"
            + " Bitcoin node's RPC port?",
        complaint(200, "<html>Welcome</html>"));
  }

  @Test
  void nonsenseIsRefusedWhereverItIs() {
    for (String body :
        List.of(
            "",
            "{}",
            "[]",
            "[{}]",
            "[null]",
            "null",
            result("{}"),
            result("7"),
            result("null"),
            "[{\"id\": 1, \"result\": " + INFO + "}]",
            result(INFO.replace("5,", "-5.5,")),
            result(INFO.replace("0f91", "xyz")))) {
      pages.clear();
      String complaint = complaint(200, body);
      assertTrue(complaint.contains("node"), complaint);
    }
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    assertEquals(
        "the Bitcoin node at " + at + " answers nonsense: an answer of more than 16777216 bytes",
        complaint(200, " ".repeat((16 << 20) + 1)));
  }

  @Test
  void aNodeThatIsBusyIsAskedAgain() {
    pages.add(new Page(503, "Work queue depth exceeded"));
    pages.add(new Page(503, "Work queue depth exceeded"));
    pages.add(new Page(401, ""));

    assertTrue(complaint(chain()).contains("401"));
    assertEquals(3, requests.get());
  }

  @Test
  void anOrderIsGivenOnce() {
    pages.add(new Page(200, result("1")));
    pages.add(new Page(503, "Work queue depth exceeded"));
    try (BitcoindRpc rpc =
        new BitcoindRpc(new Endpoint(URI.create(at), new Credentials.Password("a", "b")))) {
      ChainException lost = assertThrows(ChainException.class, () -> rpc.order("getnewaddress"));

      assertTrue(String.valueOf(lost.getMessage()).contains("too much to do"), lost::toString);
      assertEquals(2, requests.get());
    }
  }

  @Test
  void aRefusedTransactionIsNoTroubleOfTheNode() {
    pages.add(new Page(500, error(-26, "dust, tx with dust output")));
    Transaction any = new Transaction(2, List.of(), List.of(), 0);
    try (BitcoindChain chain = chain()) {
      RejectedException refusal = assertThrows(RejectedException.class, () -> chain.broadcast(any));
      assertEquals("dust, tx with dust output", refusal.getMessage());
    }
    pages.clear();
    pages.add(new Page(500, error(-28, "Verifying blocks…")));
    try (BitcoindChain chain = chain()) {
      ChainException trouble = assertThrows(ChainException.class, () -> chain.broadcast(any));
      assertTrue(String.valueOf(trouble.getMessage()).contains("still starting"));
    }
  }
}
