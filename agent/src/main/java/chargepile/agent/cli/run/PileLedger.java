package chargepile.agent.cli.run;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.systemd.Systemd;
import chargepile.agent.config.Config;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.Time;
import chargepile.agent.runtime.WaitingPile;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.store.Store;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Denomination;
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The ledger that a daemon's pile is paid on: what the daemon does with either. */
sealed interface PileLedger extends AutoCloseable permits BitcoinPileLedger, EvmPileLedger {
  /**
   * What it is opened with.
   *
   * @param waiting stands in for the pile while the ledger is waited for
   */
  record Start(
      Config config,
      NodeKeys keys,
      Store store,
      Path folder,
      PileAddress address,
      Supplier<WaitingPile> waiting,
      Systemd systemd) {}

  /**
   * The configured one, once it has answered or was known before.
   *
   * @throws ChainException when somebody has to correct the configuration
   */
  static PileLedger open(Start start)
      throws CommandFailedException, IOException, InterruptedException {
    return switch (start.config().ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> BitcoinPileLedger.open(start, bitcoin);
      case LedgerSettings.Evm evm -> EvmPileLedger.open(start, evm);
    };
  }

  /**
   * What the pile's node stands on.
   *
   * @param channels how many are not finished
   */
  NodeLedger ledger(IntSupplier channels);

  /**
   * The market that the pile trades on by itself; empty where none is configured.
   *
   * @param pile its tariff is what the listing says
   * @param channels how many are not finished: for them gas is kept
   * @param thread waits for the market's chain
   */
  Optional<Market> market(PileSettings pile, IntSupplier channels, Executor thread);

  /** What settlement certificates say of it. */
  Ledger certified();

  /** How its amounts are written. */
  Denomination money();

  /** Asks for the height of the last block. */
  BlockHeight tip();

  /** As it was when it was last asked. */
  Optional<BlockHeight> height();

  /** The channels have changed; returns at once. */
  void changed(Map<PublicKey, PeerChannel> channels);

  /**
   * Begins to tell when what pays fees lacks what must be kept of it.
   *
   * @param channels how many are not finished
   * @param thread waits for the ledger
   */
  AutoCloseable watchReserve(IntSupplier channels, Executor thread, Time time);

  /** For the page: how the ledger is watched. */
  Snapshot.Watch watch(Pile pile);

  @Override
  void close();
}
