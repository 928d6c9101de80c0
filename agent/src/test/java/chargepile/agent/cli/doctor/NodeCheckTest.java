package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.SKIPPED;
import static chargepile.agent.cli.doctor.Verdict.WARN;

import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The node, the second one, and the wallet. */
class NodeCheckTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private NodeProbe.Standing standing(
      Network network, int height, int headers, boolean download, Duration age, int peers) {
    return new NodeProbe.Standing(
        "/node/",
        network.chain(),
        network.genesis(),
        new ChainTip(new BlockHeight(height), network.genesis(), NOW.minus(age)),
        headers,
        download,
        true,
        NOW,
        peers);
  }

  private Finding judge(NodeProbe.Standing standing, Network configured) {
    return NodeCheck.judge("url", standing, configured, configured.usualTipAge(), NOW);
  }

  @Test
  void oneOnTheTipIsFine() {
    assertFinding(
        OK,
        "block 9, 2 h 0 min old, pruned, which is enough; no transaction index",
        judge(standing(Network.SIGNET, 9, 9, false, Duration.ofHours(2), 3), Network.SIGNET));
  }

  @Test
  void oneOfAnotherNetworkFails() {
    assertFinding(
        FAIL,
        "is on the network signet",
        judge(standing(Network.SIGNET, 9, 9, false, Duration.ZERO, 3), Network.MAINNET));
  }

  @Test
  void oneThatSyncsFails() {
    assertFinding(
        FAIL,
        "block 9 of 100",
        judge(standing(Network.SIGNET, 9, 100, true, Duration.ZERO, 3), Network.SIGNET));
    assertFinding(
        FAIL,
        "block 9 of 16",
        judge(standing(Network.SIGNET, 9, 16, false, Duration.ZERO, 3), Network.SIGNET));
  }

  @Test
  void someHeadersAheadAreUsual() {
    assertFinding(
        OK, "", judge(standing(Network.SIGNET, 9, 15, false, Duration.ZERO, 3), Network.SIGNET));
  }

  @Test
  void anOldTipFailsButOnRegtest() {
    Duration old = Duration.ofHours(2).plusSeconds(1);
    assertFinding(
        FAIL,
        "no block for 2 h",
        judge(standing(Network.SIGNET, 9, 9, false, old, 3), Network.SIGNET));
    assertFinding(OK, "", judge(standing(Network.REGTEST, 9, 9, true, old, 0), Network.REGTEST));
  }

  @Test
  void oneWithoutPeersIsWarnedOf() {
    assertFinding(
        WARN,
        "without peers",
        judge(standing(Network.SIGNET, 9, 9, false, Duration.ZERO, 0), Network.SIGNET));
  }

  @Test
  void twoMustHaveTheSameBlock() {
    BlockHeight height = new BlockHeight(7);
    Optional<BlockHash> one = Optional.of(Network.SIGNET.genesis());
    Optional<BlockHash> other = Optional.of(Network.MAINNET.genesis());
    assertFinding(OK, "the same block 7", SecondNodeCheck.judge(height, one, one));
    assertFinding(FAIL, "disagree", SecondNodeCheck.judge(height, one, other));
    assertFinding(SKIPPED, "moved", SecondNodeCheck.judge(height, one, Optional.empty()));
  }

  @Test
  void aWalletIsLoadedOrStoredOrMissing() {
    assertFinding(OK, "loaded", WalletCheck.judge("w", List.of("w"), List.of("w")));
    assertFinding(FAIL, "not loaded", WalletCheck.judge("w", List.of(), List.of("w")));
    assertFinding(FAIL, "loaded: v", WalletCheck.judge("w", List.of("v"), List.of("v")));
  }
}
