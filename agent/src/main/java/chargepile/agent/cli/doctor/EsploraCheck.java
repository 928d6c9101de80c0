package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.esplora.EsploraChain;
import chargepile.agent.chain.esplora.Server;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.BitcoinNode.Access;
import chargepile.agent.cli.node.Configured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The Esplora server: there, on the right network, with the newest blocks. */
final class EsploraCheck implements Check {
  private final Subject subject;

  EsploraCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "server";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    Access.Esplora esplora = esplora(subject);
    var freshness = new Freshness(esplora.maxTipAge(), subject.machine().clock());
    try (EsploraChain chain =
        new EsploraChain(esplora.server(), esplora.network(), FeerateBounds.DEFAULT, freshness)) {
      return List.of(
          judge(
              esplora.server().url().toString(), chain.tip(), subject.machine().clock().instant()));
    } catch (ChainException e) {
      return List.of(
          Finding.fail(
              String.valueOf(e.getMessage()),
              "until it answers nothing new is sold, and no cheat is seen: see the line, and"
                  + " chain.esplora_url"));
    }
  }

  /** How the server is reached, with less patience. */
  static Access.Esplora esplora(Subject subject) throws CommandFailedException {
    return switch (Configured.chain(subject.config().bitcoin().chain())) {
      case Access.Esplora esplora ->
          new Access.Esplora(
              new Server(esplora.server().url(), esplora.server().interval(), NodeCheck.PATIENCE),
              esplora.network(),
              esplora.maxTipAge());
      case Access.Node _ -> throw new IllegalStateException("asked for with Esplora only");
    };
  }

  static Finding judge(String url, ChainTip tip, Instant now) {
    Duration age = Duration.between(tip.time(), now);
    return Finding.ok(
        "%s: block %d%s"
            .formatted(
                url,
                tip.height().value(),
                age.isNegative() ? "" : ", " + Figures.duration(age) + " old"));
  }
}
