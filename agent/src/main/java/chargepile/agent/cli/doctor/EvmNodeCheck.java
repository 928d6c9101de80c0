package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmEndpoint;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmRpc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The EVM nodes: there, on the right chain, with the newest blocks, and of one mind. */
final class EvmNodeCheck implements Check {
  /** Both have blocks that are so deep, but for a reorganisation under way. */
  private static final long SETTLED = 2;

  private final Subject subject;
  private final EvmSettings settings;

  EvmNodeCheck(Subject subject, EvmSettings settings) {
    this.subject = subject;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "node";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    List<Finding> findings = new ArrayList<>();
    List<EvmBlock> heads = new ArrayList<>();
    Instant now = subject.machine().clock().instant();
    List<EvmEndpoint> endpoints = Configured.evmEndpoints(settings, NodeCheck.PATIENCE);
    for (EvmEndpoint endpoint : endpoints) {
      try (EvmRpc node = new EvmRpc(endpoint, settings.chainId())) {
        long chain = node.chainId();
        Optional<EvmBlock> head = node.block(BlockRef.LATEST);
        findings.add(judge(endpoint.toString(), chain, head, settings.pace().mostAge(), now));
        head.ifPresent(heads::add);
      } catch (EvmException e) {
        findings.add(
            Finding.fail(
                String.valueOf(e.getMessage()),
                "until it answers nothing new is sold, and no stale close is seen: see the node,"
                    + " and [evm] in the configuration"));
      }
    }
    if (endpoints.size() == 2 && heads.size() == 2) {
      findings.add(agreement(endpoints, heads));
    }
    return findings;
  }

  static Finding judge(
      String node, long chain, Optional<EvmBlock> head, Duration mostAge, Instant now) {
    if (head.isEmpty()) {
      return Finding.fail(node + " has no block at all", "wait until it has some");
    }
    Duration age = Duration.between(head.get().time(), now);
    String what =
        "%s: chain %d, block %d%s"
            .formatted(
                node,
                chain,
                head.get().number(),
                age.isNegative() ? "" : ", " + Figures.duration(age) + " old");
    return age.compareTo(mostAge) > 0
        ? Finding.fail(
            what,
            "it is behind or cut off: see whether it has peers; nothing is sold before it has newer"
                + " blocks (evm.max_block_age_minutes)")
        : Finding.ok(what);
  }

  /** At the lower of both heads. */
  private Finding agreement(List<EvmEndpoint> endpoints, List<EvmBlock> heads) {
    long common = Math.min(heads.getFirst().number(), heads.getLast().number());
    try (EvmRpc one = new EvmRpc(endpoints.getFirst(), settings.chainId());
        EvmRpc other = new EvmRpc(endpoints.getLast(), settings.chainId())) {
      Optional<EvmBlock> first = one.block(BlockRef.number(Math.max(0, common - SETTLED)));
      Optional<EvmBlock> second = other.block(BlockRef.number(Math.max(0, common - SETTLED)));
      if (first.isEmpty() || second.isEmpty()) {
        return Finding.skipped("not compared: the chain moved meanwhile");
      }
      return first.get().hash().equals(second.get().hash())
          ? Finding.ok("both have the same block %d".formatted(first.get().number()))
          : Finding.fail(
              "the nodes disagree about block %d: %s and %s"
                  .formatted(first.get().number(), first.get().hash(), second.get().hash()),
              "one of them is cut off, on a fork or deceived: compare both with a block explorer,"
                  + " and repair the wrong one before the next car comes");
    } catch (EvmException e) {
      return Finding.skipped("not compared: " + e.getMessage());
    }
  }

  /** A clock behind it is slow. */
  static Optional<Instant> headTime(EvmSettings settings) {
    try (EvmRpc node =
        new EvmRpc(
            Configured.evmEndpoints(settings, NodeCheck.PATIENCE).getFirst(), settings.chainId())) {
      return node.block(BlockRef.LATEST).map(EvmBlock::time);
    } catch (EvmException | CommandFailedException e) {
      return Optional.empty(); // told by the node's own check
    }
  }
}
