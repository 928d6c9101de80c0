package chargepile.agent.chain.bitcoind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.Purse;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real node that is killed, that starts again, and that has thrown its past away. */
class NodeOutageTest {
  private static final long COIN = 1_000_000;

  private final Purse alice = Purse.named("alice");
  private RegtestNode node;

  @BeforeEach
  void startNode() {
    // Block files of 64 kB, so that there is something to prune.
    node = RegtestNode.start("-fastprune", "-rpcauth=pile:salt$" + hmac("salt", "secret"));
  }

  @AfterEach
  void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  private static String hmac(String key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String complaint(BitcoindChain chain) {
    return String.valueOf(
        assertThrows(ChainException.class, () -> chain.view(Set.of(), Set.of())).getMessage());
  }

  private BitcoindChain open(Optional<BlockHeight> scanFrom) {
    return new BitcoindChain(node.endpoint(), Network.REGTEST, FeerateBounds.DEFAULT, scanFrom);
  }

  @Test
  void aNodeThatIsKilledIsMissedAndTakenUpAgain() throws Exception {
    try (BitcoindChain chain = open(Optional.empty())) {
      assertEquals(FeerateBounds.DEFAULT.fallback(), chain.view(Set.of(), Set.of()).feerate());
      OutPoint coin = node.fund(alice.script(), new Satoshi(COIN));
      Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
      ChainView before = chain.view(Set.of(coin), Set.of());
      Semaphore changes = new Semaphore(0);
      chain.onChange(changes::release);

      node.kill();

      assertThrows(ChainException.class, () -> chain.view(Set.of(coin), Set.of()));
      assertThrows(ChainException.class, () -> chain.broadcast(spend));
      node.restart();
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the return");
      // A power cut may cost the node the last blocks; what it has now is what counts.
      assertTrue(chain.view(Set.of(coin), Set.of()).tip().compareTo(before.tip()) <= 0);
      changes.drainPermits();
      node.mine(1);
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the block");
    }
  }

  @Test
  void whatIsPrunedAndNeededIsSaid() {
    BlockHeight birth = new BlockHeight(node.height());
    OutPoint coin = node.fund(alice.script(), new Satoshi(COIN));
    Transaction spend = alice.spend(coin, COIN, alice.output(COIN - 1000));
    try (BitcoindChain chain = open(Optional.empty())) {
      chain.broadcast(spend);
    }
    node.mine(600);
    int pruned = node.rpc().order("pruneblockchain", 300).whole();
    assertTrue(pruned > birth.value() + 2, () -> "only pruned up to " + pruned);

    try (BitcoindChain chain = open(Optional.of(birth))) {
      ChainException failure =
          assertThrows(ChainException.class, () -> chain.view(Set.of(coin), Set.of()));
      assertTrue(
          String.valueOf(failure.getMessage()).contains("has pruned block " + pruned),
          failure::getMessage);
    }
    try (BitcoindChain chain = open(Optional.of(new BlockHeight(pruned + 1)))) {
      OutPoint change = new OutPoint(spend, 0);
      ChainView view = chain.view(Set.of(change), Set.of(spend.txid));
      assertEquals(Set.of(change), view.outputs().keySet());
      assertEquals(600, view.depth(spend.txid));
    }
  }

  @Test
  void aNodeThatHangsIsMissedAndTakenUpAgain() throws Exception {
    Endpoint hasty =
        new Endpoint(node.endpoint().url(), node.endpoint().credentials(), Duration.ofSeconds(3));
    Semaphore changes = new Semaphore(0);
    try (BitcoindChain chain =
            new BitcoindChain(hasty, Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty());
        AutoCloseable listening = chain.onChange(changes::release)) {
      ChainView before = chain.view(Set.of(), Set.of());

      node.pause();

      String complaint = complaint(chain);
      assertTrue(complaint.contains("does not answer"), complaint);
      assertTrue(complaint.contains("it hangs or is overloaded"), complaint);
      changes.drainPermits();
      node.resume();
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the return");
      assertEquals(before, chain.view(Set.of(), Set.of()));
    }
  }

  @Test
  void aNodeThatFallsBehindIsNotBelieved() throws Exception {
    AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    Freshness twoHours =
        new Freshness(Optional.of(Duration.ofHours(2)), () -> Instant.now().plus(later.get()));
    Semaphore changes = new Semaphore(0);
    node.mine(1);
    try (BitcoindChain chain =
            new BitcoindChain(
                node.endpoint(),
                Network.REGTEST,
                FeerateBounds.DEFAULT,
                Optional.empty(),
                twoHours);
        AutoCloseable listening = chain.onChange(changes::release)) {
      ChainView before = chain.view(Set.of(), Set.of());

      // Its blocks are up to two minutes ahead of the clock, which they were mined too fast for.
      later.set(Duration.ofMinutes(179));

      String complaint = complaint(chain);
      assertTrue(
          complaint.contains(
              "has fallen behind: its last block (%d) is 17".formatted(before.tip().value())),
          complaint);
      assertTrue(complaint.endsWith("whether this machine's clock is right"), complaint);
      changes.drainPermits();
      later.set(Duration.ofHours(1));
      assertTrue(changes.tryAcquire(30, TimeUnit.SECONDS), "nobody was told of the end");
      assertEquals(before, chain.view(Set.of(), Set.of()));
    }
  }

  @Test
  void aNodeThatSwitchesNetworkIsNotBelieved() throws Exception {
    Credentials password = new Credentials.Password("pile", "secret");
    try (BitcoindChain chain =
        new BitcoindChain(
            node.endpoint(password), Network.REGTEST, FeerateBounds.DEFAULT, Optional.empty())) {
      ChainView before = chain.view(Set.of(), Set.of());

      node.stop();
      node.startAs("signet");

      String complaint = complaint(chain);
      while (complaint.contains("can't be reached") || complaint.contains("still starting")) {
        Thread.sleep(100);
        complaint = complaint(chain);
      }
      assertEquals(
          "the Bitcoin node at "
              + node.endpoint().url()
              + " is on the network signet, and regtest is configured: correct its address or the"
              + " network",
          complaint);
      node.kill();
      node.restart();
      assertEquals(before, chain.view(Set.of(), Set.of()));
    }
  }
}
