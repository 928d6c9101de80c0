package chargepile.agent.chain.bitcoind;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.units.Satoshi;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a node may answer that lies, or is none. */
class NodeFuzzTest {
  private static final Purse ALICE = Purse.named("alice");

  private HttpServer server;
  private volatile byte[] answer = {};

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = answer;
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @TestFactory
  Stream<DynamicTest> blocks() {
    try (EmbeddedChain chain = new EmbeddedChain()) {
      OutPoint coin = chain.fund(ALICE.script(), new Satoshi(1_000_000));
      Transaction spend =
          ALICE.spend(coin, 1_000_000, ALICE.output(400_000), ALICE.output(599_000));
      chain.broadcast(spend);
      chain.mine(1);
      Set<TxId> wanted = Set.of(coin.txid, spend.txid);
      return Fuzz.tests(
          Door.of(
              "a block",
              List.of(Block.write(chain.block(chain.tip()).orElseThrow())),
              ChainException.class,
              bytes -> {
                RawBlock block = new RawBlock(bytes);
                block.holdsWhatItsHeaderSays();
                block.fingerprints();
                block.find(wanted, new Unheard());
              }),
          Door.of(
              "a transaction",
              List.of(Transaction.write(spend)),
              ChainException.class,
              RawTransaction::read));
    }
  }

  @TestFactory
  Stream<DynamicTest> answers() {
    URI at = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    BitcoindRpc rpc = new BitcoindRpc(new Endpoint(at, new Credentials.Password("a", "b")));
    BlockSource.Tip tip = new BlockSource.Tip(1, Network.REGTEST.genesis(), Instant.EPOCH);
    return Fuzz.tests(
            Door.of(
                    "a node's answer",
                    Stream.of(
                            "[{\"id\":0,\"result\":{\"mempoolminfee\":0.00001,\"minrelaytxfee\":1e-5}},"
                                + "{\"id\":1,\"result\":{\"feerate\":0.0002,\"blocks\":3}}]",
                            "[{\"id\":0,\"result\":{\"mempoolminfee\":1,\"minrelaytxfee\":0},\"error\":null},{\"id\":1,\"result\":{\"errors\":[\"no"
                                + " data\"]}}]")
                        .map(text -> text.getBytes(UTF_8))
                        .toList(),
                    ChainException.class,
                    body -> {
                      answer = body;
                      new FeeEstimate(rpc, FeerateBounds.DEFAULT).at(tip);
                    })
                .oneIn(20))
        .onClose(rpc::close);
  }

  private static final class Unheard implements RawBlock.Finder {
    @Override
    public void mined(TxId transaction) {}

    @Override
    public void spent(OutPoint output, Transaction by) {}
  }
}
