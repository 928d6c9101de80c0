package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BitcoinNode.Access;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import java.util.List;
import java.util.Optional;

/** The second node: well by itself, and of one mind with the first. */
final class SecondNodeCheck implements Check {
  /** Both have heard of a block that is so deep. */
  private static final int SETTLED = 1;

  private final Subject subject;

  SecondNodeCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "second node";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    Access.Node node = NodeCheck.node(subject);
    Endpoint second = node.second().orElseThrow();
    Finding alone = NodeCheck.look(node, second, subject.machine().clock().instant());
    return alone.verdict() == Verdict.FAIL
        ? List.of(alone)
        : List.of(alone, agreement(node.endpoint(), second));
  }

  private static Finding agreement(Endpoint first, Endpoint second) {
    try (NodeProbe one = new NodeProbe(first);
        NodeProbe other = new NodeProbe(second)) {
      int lower =
          Math.min(one.standing().tip().height().value(), other.standing().tip().height().value());
      BlockHeight common = new BlockHeight(Math.max(0, lower - SETTLED));
      return judge(common, one.hashAt(common), other.hashAt(common));
    } catch (ChainException e) {
      return Finding.skipped("not compared: " + e.getMessage());
    }
  }

  static Finding judge(BlockHeight common, Optional<BlockHash> one, Optional<BlockHash> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Finding.skipped("not compared: the chain moved meanwhile");
    }
    return one.get().equals(other.get())
        ? Finding.ok("both have the same block %d".formatted(common.value()))
        : Finding.fail(
            "the nodes disagree: block %d is %s for the first and %s for the second"
                .formatted(
                    common.value(), ChainTip.display(one.get()), ChainTip.display(other.get())),
            "one of them is cut off, on a fork or deceived: compare both with a block explorer, and"
                + " repair the wrong one before the next car comes");
  }
}
