package chargepile.agent.cli.driver;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.store.Store;
import chargepile.agent.units.Denomination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The ledger that a driver pays on: what the wallet does with either. */
sealed interface DriverLedger extends AutoCloseable permits BitcoinDriverLedger, EvmDriverLedger {
  /** How it is reached. */
  sealed interface Way {
    record Bitcoin(BitcoinNode.Access access) implements Way {}

    record Evm(LedgerSettings.Evm settings) implements Way {}
  }

  /**
   * Whose it is.
   *
   * @param folder of the wallet
   */
  record Start(NodeKeys keys, Store store, Path folder, Path backup, PileAddress pile) {}

  /**
   * Opens it and asks whether all is well.
   *
   * @throws ChainException when it does not answer as it should
   */
  static DriverLedger open(Way way, Start start) throws CommandFailedException, IOException {
    return switch (way) {
      case Way.Bitcoin(BitcoinNode.Access access) -> BitcoinDriverLedger.open(access, start);
      case Way.Evm(LedgerSettings.Evm settings) -> EvmDriverLedger.open(settings, start);
    };
  }

  /** What the driver's node stands on. */
  NodeLedger ledger();

  /** What settlement certificates say of it. */
  Ledger certified();

  /** How its amounts are written. */
  Denomination money();

  /** The channel has changed; returns at once. */
  void changed(PeerChannel channel);

  /** What a person should know of it at the start, in lines. */
  List<String> found();

  @Override
  void close();
}
