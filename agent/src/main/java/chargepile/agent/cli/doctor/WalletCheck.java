package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.NodeProbe;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BitcoinNode.Access;
import java.util.List;

/** The node's wallet that pays and is paid. */
final class WalletCheck implements Check {
  private final Subject subject;

  WalletCheck(Subject subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "wallet";
  }

  @Override
  public List<Finding> look() throws CommandFailedException {
    Access.Node node = NodeCheck.node(subject);
    try (NodeProbe probe = new NodeProbe(node.endpoint())) {
      List<String> loaded = probe.loadedWallets();
      return List.of(
          judge(
              node.wallet(),
              loaded,
              loaded.contains(node.wallet()) ? loaded : probe.storedWallets()));
    } catch (ChainException e) {
      return List.of(Finding.skipped("the node can't be asked for it"));
    }
  }

  static Finding judge(String wallet, List<String> loaded, List<String> stored) {
    if (loaded.contains(wallet)) {
      return Finding.ok("the node has \"%s\" loaded".formatted(wallet));
    }
    return stored.contains(wallet)
        ? Finding.fail(
            "the node has the wallet \"%s\" and has not loaded it".formatted(wallet),
            "bitcoin-cli -named loadwallet filename=%s load_on_startup=true".formatted(wallet))
        : Finding.fail(
            "the node has no wallet \"%s\"; loaded: %s"
                .formatted(wallet, loaded.isEmpty() ? "none" : String.join(", ", loaded)),
            "bitcoin-cli -named createwallet wallet_name=%s load_on_startup=true, or correct"
                    .formatted(wallet)
                + " chain.wallet");
  }
}
