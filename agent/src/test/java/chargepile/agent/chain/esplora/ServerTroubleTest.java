package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is said when the server is away or on another network. */
class ServerTroubleTest extends ScriptedServer {
  @Test
  void aServerInOrderIsUnderstood() {
    ChainView view = view();

    assertEquals(new BlockHeight(5), view.tip());
    assertEquals(Map.of(PARENT.txid, new BlockHeight(3)), view.mined());
    assertEquals(Map.of(OUTPUT, PARENT.txOut.getFirst()), view.outputs());
    assertEquals(Map.of(OUTPUT, new ChainView.Spend(SPEND, Optional.empty())), view.spends());
    assertEquals(FeerateBounds.DEFAULT.fallback(), view.feerate());
  }

  @Test
  void aServerThatIsNotThere() {
    server.stop(0);

    assertEquals(
        "the Esplora server at "
            + at
            + " can't be reached: is the network up, and the address right?",
        complaint());
  }

  @Test
  void aServerThatHangs() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      at = "http://127.0.0.1:" + silent.getLocalPort();

      assertEquals(
          "the Esplora server at "
              + at
              + " does not answer /blocks/tip/height within 1 s: it hangs or is overloaded",
          complaint());
    }
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() {
    first("/fee-estimates", 503, "no node");
    first("/fee-estimates", 429, "slow down");

    assertEquals(new BlockHeight(5), view().tip());
  }

  @Test
  void aServerThatStaysBusySaysSo() {
    page("/blocks/tip/height", 429, "slow down");

    assertEquals(
        "the Esplora server at "
            + at
            + " is asked too often for its taste (HTTP 429): raise the"
            + " interval",
        complaint());
    assertEquals(3, requests.get());
  }

  @Test
  void anAddressWhereNoApiBegins() {
    at = at + "/v7";

    assertTrue(complaint().contains("does its API begin at this address?"));
  }

  @Test
  void aBreakInTheMiddleOfAnAnswer() throws IOException {
    try (ServerSocket half = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                while (!half.isClosed()) {
                  try (var connection = half.accept()) {
                    connection.getInputStream().read();
                    connection
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n5"
                                .getBytes(StandardCharsets.US_ASCII));
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      at = "http://127.0.0.1:" + half.getLocalPort();

      assertTrue(complaint().startsWith("the connection to the Esplora server at " + at));
    }
  }

  @Test
  void listenersHearWhenAServerIsBackAndWhenAViewFailed() throws Exception {
    try (EsploraChain chain = chain(Network.REGTEST)) {
      page("/blocks/tip/hash", 500, "down");
      CountDownLatch back = new CountDownLatch(1);
      try (AutoCloseable registration = chain.onChange(back::countDown)) {
        page("/blocks/tip/hash", TIP);
        assertTrue(back.await(30, TimeUnit.SECONDS));
      }
      CountDownLatch again = new CountDownLatch(1);
      page("/fee-estimates", 500, "down");
      try (AutoCloseable registration = chain.onChange(again::countDown)) {
        assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of()));
        assertTrue(again.await(30, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void anotherNetwork() {
    try (EsploraChain chain = chain(Network.MAINNET)) {
      String complaint =
          "the Esplora server at "
              + at
              + " is on the network regtest, and main is configured: correct its address or the"
              + " network";
      assertEquals(complaint, assertThrows(WrongNetworkException.class, chain::tip).getMessage());
      assertEquals(
          complaint,
          assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of())).getMessage());
    }
  }

  @Test
  void anUnknownNetworkIsNamedByItsFirstBlock() {
    page("/block-height/0", OTHER_TIP);

    assertTrue(complaint().contains("on the network with the first block " + OTHER_TIP));
  }

  @Test
  void aServerThatSwitchesTheNetworkIsFoundOutAtItsNextBlock() {
    try (EsploraChain chain = chain(Network.REGTEST)) {
      chain.view(Set.of(), Set.of());
      page("/block-height/0", hex(Network.SIGNET));
      page("/block-height/5", OTHER_TIP);
      page("/blocks/tip/hash", OTHER_TIP);

      assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of()));
    }
  }

  @Test
  void aServerThatFallsBehindIsNotBelieved() {
    Instant later = Instant.ofEpochSecond(1_700_000_000L + 3 * 3600);
    Freshness twoHours = new Freshness(Optional.of(Duration.ofHours(2)), () -> later);
    try (EsploraChain chain =
        new EsploraChain(
            new Server(URI.create(at)), Network.REGTEST, FeerateBounds.DEFAULT, twoHours)) {
      assertEquals(
          "the Esplora server at "
              + at
              + " has fallen behind: its last block (5) is 180 minutes old: see whether its node"
              + " has peers, and whether this machine's clock is right",
          assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of())).getMessage());
    }
  }

  @Test
  void aTipIsToldThoughAViewFails() {
    try (EsploraChain chain = chain(Network.REGTEST)) {
      ChainTip tip = chain.tip();
      assertEquals(Optional.of(tip.hash()), chain.hashAt(tip.height()));
      assertEquals(Optional.empty(), chain.hashAt(tip.height().plus(1)));
      page("/fee-estimates", 500, "down");

      assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of()));
      assertEquals(tip, chain.tip());
    }
  }
}
