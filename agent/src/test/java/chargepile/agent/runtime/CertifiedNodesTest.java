package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.PeerIdentity;
import chargepile.agent.session.notary.Registry;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes that are certified, over a BOLT 8 handshake; each with a clerk on its own thread. */
final class CertifiedNodesTest {
  private static final NodeKeys PILE = new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER);
  private static final NodeKeys DRIVER = new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER);
  private static final Registry.Party THE_PILE =
      Registry.TRUSTED.pile("pile-n", PILE.nodeId(), Optional.of(PILE.meterId()), 11_000);

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private Optional<Identity> identity(TwoNodes nodes, Registry.Party party) {
    return Optional.of(
        new Identity(
            IdentityPolicy.REQUIRED,
            party.shown(),
            Registry.TRUSTED.clerk(party, nodes.chain.genesis().value),
            thread));
  }

  @Test
  void bothKeepTheSameSettlementAlsoAfterARestart() {
    Registry.Party driver = Registry.TRUSTED.driver("driver-n", DRIVER.nodeId());
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL)) {
      nodes.pileIdentity = identity(nodes, THE_PILE);
      nodes.driverIdentity = identity(nodes, driver);
      nodes.start().open();
      nodes.finish();
      nodes.checkPaidInFull();
      nodes.runUntil(
          "the settlement", () -> !nodes.pileStore.settlements().isEmpty(), Duration.ofMinutes(5));
      nodes.restartPile();
      nodes.restartDriver();
      nodes.run(Duration.ofMinutes(1));
      assertEquals(1, nodes.pileStore.settlements().size());
      assertEquals(nodes.pileStore.settlements(), nodes.driverStore.settlements());
      assertEquals(List.of(), nodes.pile.state().notary().pending());
      assertEquals(List.of(), nodes.driver.state().notary().pending());
    }
  }

  /** P1-46: whoever has another's certificate has not the other's node key. */
  @Test
  void aCertificateForAnotherNodeKeyThanThatOfTheHandshakeIsRefused() {
    PublicKey another = TwoNodes.SIGNER.publicKey(new PrivateKey(TwoNodes.seed("another")));
    Registry.Party stolen = Registry.TRUSTED.driver("driver-o", another);
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL)) {
      nodes.pileIdentity = identity(nodes, THE_PILE);
      nodes.driverIdentity = identity(nodes, stolen);
      nodes.start();
      nodes.run(Duration.ofMinutes(2));
      PeerIdentity seen = nodes.pile.state().notary().peer(DRIVER.nodeId());
      assertTrue(
          seen instanceof PeerIdentity.Refused(String reason)
              && reason.contains("it is for the node key " + another.toHex()),
          seen::toString);
      assertEquals("Absent", nodes.stage().title(), "no channel, so that no money is committed");
      assertTrue(nodes.pile.state().session().isEmpty());
      assertEquals(0, nodes.delivered());
    }
  }
}
