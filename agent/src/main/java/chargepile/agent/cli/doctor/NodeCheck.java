package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.BitcoinNode.Access;
import chargepile.agent.cli.node.Configured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The Bitcoin node: there, on the right network, with the newest blocks. */
final class NodeCheck implements Check {
  /** A node answers what a doctor asks in milliseconds. */
  static final Duration PATIENCE = Duration.ofSeconds(6);

  /** One or two are on their way whenever a block was just mined. */
  private static final int HEADERS_AHEAD = 6;

  private final Subject subject;

  NodeCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "node";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    Access.Node node = node(subject);
    return List.of(look(node, node.endpoint(), subject.machine().clock().instant()));
  }

  /** How the node is reached, with less patience. */
  static Access.Node node(Subject subject) throws CommandFailedException {
    return switch (Configured.chain(subject.config().bitcoin().chain())) {
      case Access.Node node ->
          new Access.Node(
              hasty(node.endpoint()),
              node.second().map(NodeCheck::hasty),
              node.network(),
              node.maxTipAge(),
              node.wallet());
      case Access.Esplora _ -> throw new IllegalStateException("not asked for with Esplora");
    };
  }

  private static Endpoint hasty(Endpoint endpoint) {
    return new Endpoint(endpoint.url(), endpoint.credentials(), PATIENCE);
  }

  static Finding look(Access.Node access, Endpoint endpoint, Instant now) {
    try (NodeProbe probe = new NodeProbe(endpoint)) {
      return judge(
          endpoint.url().toString(), probe.standing(), access.network(), access.maxTipAge(), now);
    } catch (ChainException e) {
      return unreachable(e);
    }
  }

  static Finding unreachable(ChainException problem) {
    return Finding.fail(
        String.valueOf(problem.getMessage()),
        "until it answers nothing new is sold, and no cheat is seen: systemctl status bitcoind, its"
            + " debug.log, and [chain] in the configuration");
  }

  static Finding judge(
      String url,
      NodeProbe.Standing node,
      Network network,
      Optional<Duration> oldestTip,
      Instant now) {
    if (!node.network().equals(network.chain()) || !node.genesis().equals(network.genesis())) {
      return Finding.fail(
          "%s is on the network %s with block 0 %s, and %s is configured"
              .formatted(url, node.network(), short8(node), network.chain()),
          "correct chain.network, or the address of the node");
    }
    int height = node.tip().height().value();
    if ((node.initialDownload() && (network != Network.REGTEST || height < node.headers()))
        || node.headers() - height > HEADERS_AHEAD) {
      return Finding.fail(
          "%s is still syncing: block %d of %d".formatted(url, height, node.headers()),
          "wait until it has all blocks; nothing is sold before");
    }
    Duration age = Duration.between(node.tip().time(), now);
    if (oldestTip.filter(most -> age.compareTo(most) > 0).isPresent()) {
      return Finding.fail(
          "%s has had no block for %s (%d is its last)"
              .formatted(url, Figures.duration(age), height),
          "see whether it has peers (bitcoin-cli getpeerinfo), and whether this machine's clock is"
              + " right");
    }
    String what =
        "%s: %s on %s, block %d%s%s"
            .formatted(
                url,
                node.version(),
                node.network(),
                height,
                age.isNegative() ? "" : ", " + Figures.duration(age) + " old",
                node.pruned() ? ", pruned, which is enough; no transaction index is needed" : "");
    return node.peers() == 0 && network != Network.REGTEST
        ? Finding.warn(what + ", without peers", "see its firewall and line: it will fall behind")
        : Finding.ok(what);
  }

  private static String short8(NodeProbe.Standing node) {
    return chargepile.agent.chain.ChainTip.display(node.genesis()).substring(0, 16) + "…";
  }
}
