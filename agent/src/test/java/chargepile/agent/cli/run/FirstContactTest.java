package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.WrongCredentialsException;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.chain.bitcoind.Credentials;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.PaidIn;
import chargepile.agent.runtime.SystemTime;
import chargepile.agent.runtime.WaitingPile;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.SigningMarks;
import chargepile.agent.store.Snapshot;
import chargepile.agent.units.ChannelId;
import com.sun.net.httpserver.HttpServer;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is away, or the wrong one, when the daemon starts. */
@Timeout(60)
class FirstContactTest {
  private static final Snapshot EMPTY =
      new Snapshot(
          List.of(), List.of(), Optional.empty(), RegistersRow.ZERO, List.of(), 0, Map.of());

  @TempDir private Path folder;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  private static WaitingPile nobodyWaits() {
    throw new AssertionError("there is nothing to wait for");
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void aNodeThatIsAwayKeepsAPileOfEarlierFromNothing() throws Exception {
    String script = "0014" + "ab".repeat(20);
    Path kept = Files.writeString(folder.resolve("channels-begin"), "7 " + script);
    try (BitcoinNode node =
        FirstContact.with(access(nowhere()), own(kept), FirstContactTest::nobodyWaits)) {
      assertEquals(script, node.closingScript().toHex());
      assertEquals(Network.REGTEST.genesis().value, node.genesis());
      assertThrows(ChainException.class, () -> node.chain().tip());
    }
  }

  @Test
  void withoutUnfinishedChannelsTheMoneyGoesWhereTheConfigurationSays() throws Exception {
    Path kept = Files.writeString(folder.resolve("channels-begin"), "7 0014" + "ab".repeat(20));
    ByteVector elsewhere = new ByteVector("0014" + "cd".repeat(20));
    for (Optional<ByteVector> sweepTo :
        List.of(Optional.of(elsewhere), Optional.<ByteVector>empty())) {
      // The second start shows that the first one wrote it down.
      try (BitcoinNode node =
          FirstContact.with(access(nowhere()), own(kept, sweepTo), FirstContactTest::nobodyWaits)) {
        assertEquals(elsewhere, node.closingScript());
      }
    }
  }

  @Test
  void unfinishedChannelsKeepTheScriptThatTheyBeganWith() throws Exception {
    String script = "0014" + "ab".repeat(20);
    Path kept = Files.writeString(folder.resolve("channels-begin"), "7 " + script);
    Snapshot store =
        new Snapshot(
            List.of(
                new ChannelRow(
                    new ChannelId(ByteVector32.One),
                    new PrivateKey(ByteVector32.One).publicKey().value,
                    "Normal",
                    0,
                    0,
                    0,
                    0,
                    new byte[0],
                    SigningMarks.NONE)),
            List.of(),
            Optional.empty(),
            RegistersRow.ZERO,
            List.of(),
            0,
            Map.of());
    BitcoinNode.Own own =
        new BitcoinNode.Own(
            new NodeKeys(ByteVector32.One, Signer.best()),
            store,
            kept,
            Optional.of(new ByteVector("0014" + "cd".repeat(20))));
    try (BitcoinNode node =
        FirstContact.with(access(nowhere()), own, FirstContactTest::nobodyWaits)) {
      assertEquals(script, node.closingScript().toHex());
    }
  }

  @Test
  void aNodeThatWasNeverThereIsWaitedForAndThatIsSaid() throws Exception {
    MemoryBroker broker =
        new MemoryBroker(Scheduler.on(timers), MemoryBroker.Faults.NONE, new Random(1));
    Topics topics = Topics.of("p");
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    Bus listener = broker.connect(Optional.empty());
    listener.subscribe(
        topics.info(), told -> heard.add(new String(told.payload(), StandardCharsets.UTF_8)));
    Bus bus = broker.connect(Optional.empty());
    Thread daemon =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThrows(
                        InterruptedException.class,
                        () ->
                            FirstContact.with(
                                access(nowhere()),
                                own(folder.resolve("channels-begin")),
                                () -> waiting(bus, topics))));
    try {
      String info;
      do {
        info = String.valueOf(heard.poll(30, TimeUnit.SECONDS));
      } while (info.contains("\"ok\":true"));
      assertTrue(info.contains("\"chain\":{\"ok\":false,"), info);
      assertTrue(info.contains("can't be reached"), info);
      assertTrue(info.endsWith("\"selling\":false}}"), info);
    } finally {
      daemon.interrupt();
      daemon.join();
    }
  }

  @Test
  void aWrongPasswordEndsTheDaemon() throws Exception {
    HttpServer server = server(401, "");
    try {
      assertThrows(
          WrongCredentialsException.class,
          () ->
              FirstContact.with(
                  access(server.getAddress().getPort()),
                  own(Files.writeString(folder.resolve("b"), "7 0014" + "ab".repeat(20))),
                  FirstContactTest::nobodyWaits));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void soDoesAnotherNetwork() throws Exception {
    String info =
        "[{\"id\":0,\"result\":{\"chain\":\"main\",\"blocks\":9,\"headers\":9,"
            + "\"initialblockdownload\":false}}]";
    HttpServer server = server(200, info);
    try {
      assertThrows(
          WrongNetworkException.class,
          () ->
              FirstContact.with(
                  access(server.getAddress().getPort()),
                  own(folder.resolve("channels-begin")),
                  FirstContactTest::nobodyWaits));
    } finally {
      server.stop(0);
    }
  }

  private WaitingPile waiting(Bus bus, Topics topics) {
    try {
      Config config =
          ConfigFile.parse("c", "[pile]\nid = \"p\"\n[tariff]\nprice_msat_per_kwh = 1\n");
      PublicKey node = new PrivateKey(ByteVector32.One).publicKey();
      return new WaitingPile(
          bus,
          topics,
          Lane.thread("waiting"),
          new SystemTime(),
          Scheduler.on(timers),
          node,
          node,
          new PaidIn.Bitcoin(),
          new PileTerms(config).pile());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static BitcoinNode.Own own(Path kept) {
    return own(kept, Optional.empty());
  }

  private static BitcoinNode.Own own(Path kept, Optional<ByteVector> sweepTo) {
    NodeKeys keys = new NodeKeys(ByteVector32.One, Signer.best());
    return new BitcoinNode.Own(keys, EMPTY, kept, sweepTo);
  }

  private static BitcoinNode.Access access(int port) {
    return new BitcoinNode.Access.Node(
        new Endpoint(
            URI.create("http://127.0.0.1:" + port), new Credentials.Password("u", "wrong")),
        Network.REGTEST,
        "w");
  }

  /** A port at which nobody listens. */
  private static int nowhere() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static HttpServer server(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }
}
