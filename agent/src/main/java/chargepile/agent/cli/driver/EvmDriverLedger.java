package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.DeskFile;
import chargepile.agent.cli.node.EvmLedger;
import chargepile.agent.cli.node.NamedContracts;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.evm.Wei;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.MarketReport;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.voucher.codec.VoucherBackup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** An EVM chain under a driver's wallet, and the backup of its vouchers. */
final class EvmDriverLedger implements DriverLedger {
  private final Start start;
  private final LedgerSettings.Evm settings;
  private final EvmLedger evm;
  private final NodeLedger.Evm ledger;
  private final BackupWriter<VoucherBackup.Entry> backups;

  private EvmDriverLedger(Start start, LedgerSettings.Evm settings, EvmLedger evm) {
    this.start = start;
    this.settings = settings;
    this.evm = evm;
    this.ledger = evm.ledger();
    this.backups =
        new BackupWriter<>(
            start.backup(),
            new BackupWriter.OnEvm(
                false,
                start.keys().nodeId(),
                ledger.id(),
                Optional.of(start.pile().toString()),
                start.keys().seed()),
            BackupWriter.VOUCHER_REST);
    backups.channels(Recovery.vouchers(start.store().load()));
  }

  static EvmDriverLedger open(LedgerSettings.Evm settings, Start start)
      throws CommandFailedException {
    EvmLedger evm = EvmLedger.open(settings.evm(), start.keys(), start.store());
    try {
      evm.check();
      return new EvmDriverLedger(start, settings, evm);
    } catch (CommandFailedException | RuntimeException e) {
      evm.close();
      throw e;
    }
  }

  /** What goes into a channel unless the driver says otherwise. */
  Amount deposit() {
    return settings.evm().deposit();
  }

  /** The section that says where a market is, where the file has one. */
  Optional<MarketSettings> marketSettings() {
    return settings.market();
  }

  /** The time of the latest block. */
  Instant now() {
    return evm.head().time();
  }

  /** Where what is being bought is kept. */
  WantFile wantFile() {
    return new WantFile(start.folder());
  }

  /**
   * The trade that buys what is wanted of this wallet's pile.
   *
   * @param thread waits for the chain
   * @param observer is told what every look came to, on the node's mailbox
   */
  Market market(WantFile.Kept kept, Executor thread, Consumer<MarketReport> observer) {
    return Trading.ofDriver(
        new Trading.Means(
            kept.orderBook(),
            NamedContracts.of(settings, kept.orderBook()),
            start.keys(),
            evm.node(),
            evm.sender(),
            () -> Wei.ZERO,
            settings.evm().firstBlock(),
            ledger::onChange,
            new DeskFile(start.folder()),
            thread,
            observer),
        start.pile().node(),
        kept.want());
  }

  @Override
  public NodeLedger ledger() {
    return ledger;
  }

  @Override
  public Ledger certified() {
    return evm.certified();
  }

  @Override
  public Denomination money() {
    return evm.denomination();
  }

  @Override
  public void changed(PeerChannel channel) {
    backups.channels(Recovery.vouchers(Map.of(start.pile().node(), channel)));
  }

  @Override
  public List<String> found() {
    return List.of(
        "account %s: %s, and %s for gas"
            .formatted(
                Eip55.write(evm.account()),
                Figures.money(money(), evm.balance()),
                Figures.coins(evm.gas())));
  }

  @Override
  public void close() {
    backups.close();
    evm.close();
  }
}
