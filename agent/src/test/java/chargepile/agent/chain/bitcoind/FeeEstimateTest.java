package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.units.Feerate;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a node's figures, which a server plays. */
class FeeEstimateTest {
  private static final FeerateBounds BOUNDS =
      new FeerateBounds(new Feerate(500), new Feerate(50_000), new Feerate(2500));

  private static final String NO_ESTIMATE =
      "{\"errors\": [\"Insufficient data or no feerate found\"], \"blocks\": 0}";

  private HttpServer server;
  private BitcoindRpc rpc;
  private FeeEstimate feerate;

  private String estimate = NO_ESTIMATE;
  private String mempoolMinimum = "0.00001000";
  private String relayMinimum = "0.00001000";
  private int estimatesAsked;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] bytes = answer(asked).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    rpc =
        new BitcoindRpc(
            new Endpoint(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                new Credentials.Password("a", "b")));
    feerate = new FeeEstimate(rpc, BOUNDS);
  }

  private String answer(String asked) {
    String mempool =
        "{\"id\": 0, \"result\": {\"mempoolminfee\": %s, \"minrelaytxfee\": %s}}"
            .formatted(mempoolMinimum, relayMinimum);
    if (!asked.contains("estimatesmartfee")) {
      return "[" + mempool + "]";
    }
    estimatesAsked++;
    return "[" + mempool + ", {\"id\": 1, \"result\": " + estimate + "}]";
  }

  @AfterEach
  void stop() {
    rpc.close();
    server.stop(0);
  }

  @Test
  void theEstimateIsTurnedToWeight() {
    estimate = "{\"feerate\": 0.00020000, \"blocks\": 3}";

    assertEquals(new Feerate(5000), feerate.at(tip(1)));
  }

  @Test
  void withoutAnEstimateTheFallbackIsTaken() {
    assertEquals(BOUNDS.fallback(), feerate.at(tip(1)));
  }

  @Test
  void floorAndCeilingBindTheEstimate() {
    estimate = "{\"feerate\": 0.00001000, \"blocks\": 3}";
    assertEquals(BOUNDS.floor(), feerate.at(tip(1)));
    estimate = "{\"feerate\": 0.01, \"blocks\": 3}";
    assertEquals(BOUNDS.ceiling(), feerate.at(tip(2)));
  }

  @Test
  void whatTheMempoolAsksIsPaidEvenBeyondTheCeiling() {
    estimate = "{\"feerate\": 0.00300000, \"blocks\": 3}";
    mempoolMinimum = "0.00250000";

    assertEquals(new Feerate(63_250), feerate.at(tip(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.00001", "10.1", "1e9", "1e99"})
  void whatNoMempoolEverAskedIsNoFeerate(String asked) {
    mempoolMinimum = asked;

    assertThrows(ChainException.class, () -> feerate.at(tip(1)));
  }

  @Test
  void theMinimumRelayFeeratePrevailsOverTheFallback() {
    relayMinimum = "0.00020000";

    assertEquals(new Feerate(5060), feerate.at(tip(1)));
  }

  @Test
  void aMempoolThatFillsBetweenBlocksIsHeardOfAtOnce() {
    assertEquals(BOUNDS.fallback(), feerate.at(tip(1)));
    mempoolMinimum = "0.00020000";
    assertEquals(new Feerate(5060), feerate.at(tip(1)));
    mempoolMinimum = "0.00001000";
    assertEquals(BOUNDS.fallback(), feerate.at(tip(1)));

    assertEquals(1, estimatesAsked);
  }

  @Test
  void theEstimateIsAskedForOnceABlock() {
    feerate.at(tip(1));
    estimate = "{\"feerate\": 0.00020000, \"blocks\": 3}";
    assertEquals(BOUNDS.fallback(), feerate.at(tip(1)));

    assertEquals(new Feerate(5000), feerate.at(tip(2)));
    assertEquals(2, estimatesAsked);
  }

  private static Tip tip(int height) {
    return new Tip(height, new BlockHash(ByteVector32.One), Instant.EPOCH);
  }
}
