package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.DeskFile;
import chargepile.agent.cli.node.EvmLedger;
import chargepile.agent.cli.node.GasPurse;
import chargepile.agent.cli.node.NamedContracts;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.evm.Wei;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.runtime.ReserveWatch;
import chargepile.agent.runtime.Time;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Denomination;
import chargepile.agent.voucher.codec.VoucherBackup;
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.tinylog.Logger;

/** An EVM chain under a pile, and the backup of the vouchers. */
final class EvmPileLedger implements PileLedger {
  private final Start start;
  private final EvmSettings settings;
  private final Optional<MarketSettings> market;
  private final EvmLedger evm;
  private final NodeLedger.Evm ledger;
  private final BackupWriter<VoucherBackup.Entry> backups;

  private EvmPileLedger(Start start, LedgerSettings.Evm settings, EvmLedger evm) {
    this.start = start;
    this.settings = settings.evm();
    this.market = settings.market();
    this.evm = evm;
    this.ledger = evm.ledger();
    this.backups =
        new BackupWriter<>(
            start.config().store().backup(),
            new BackupWriter.OnEvm(
                true,
                start.keys().nodeId(),
                ledger.id(),
                Optional.of(start.address().toString()),
                start.keys().seed()),
            BackupWriter.VOUCHER_REST);
    backups.channels(Recovery.vouchers(start.store().load()));
  }

  static EvmPileLedger open(Start start, LedgerSettings.Evm settings)
      throws CommandFailedException, IOException, InterruptedException {
    EvmLedger evm = EvmLedger.open(settings.evm(), start.keys(), start.store());
    try {
      EvmLedger answered =
          FirstContact.with(
              new FirstContact.Attempt<>() {
                @Override
                public EvmLedger connect() throws CommandFailedException {
                  evm.check();
                  return evm;
                }

                @Override
                public Optional<EvmLedger> kept() {
                  return evm.wasChecked() ? Optional.of(evm) : Optional.empty();
                }
              },
              start.waiting(),
              start.systemd());
      return new EvmPileLedger(start, settings, answered);
    } catch (CommandFailedException | IOException | InterruptedException | RuntimeException e) {
      evm.close();
      throw e;
    }
  }

  @Override
  public NodeLedger ledger(IntSupplier channels) {
    return ledger;
  }

  @Override
  public Optional<Market> market(PileSettings pile, IntSupplier channels, Executor thread) {
    return market.map(
        on ->
            Trading.ofPile(
                new Trading.Means(
                    on.contracts().orderBook(),
                    new NamedContracts(Optional.of(on.contracts()), settings.token()),
                    start.keys(),
                    evm.node(),
                    evm.sender(),
                    () -> GasPurse.reserve(perChannel(), channels.getAsInt()),
                    settings.firstBlock(),
                    ledger::onChange,
                    new DeskFile(start.folder()),
                    thread,
                    _ -> {}),
                on,
                pile.tariff().importPricePerKwh()));
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
  public BlockHeight tip() {
    return height(evm.head().number());
  }

  @Override
  public Optional<BlockHeight> height() {
    return evm.seen().map(seen -> height(seen.height()));
  }

  private static BlockHeight height(long number) {
    return new BlockHeight(Math.toIntExact(number));
  }

  @Override
  public void changed(Map<PublicKey, PeerChannel> channels) {
    backups.channels(Recovery.vouchers(channels));
  }

  @Override
  public AutoCloseable watchReserve(IntSupplier channels, Executor thread, Time time) {
    return new ReserveWatch(
        ledger::onChange,
        new GasPurse(evm.account(), evm::gas, perChannel()),
        channels,
        thread,
        time,
        alert -> Logger.warn("{}", alert));
  }

  private Wei perChannel() {
    return Wei.ofGwei(settings.gasReservePerChannelGwei());
  }

  @Override
  public Snapshot.Watch watch(Pile pile) {
    Optional<EvmLedger.Sight> seen = evm.seen();
    return new Snapshot.Watch(
        height().map(tip -> OptionalInt.of(tip.value())).orElseGet(OptionalInt::empty),
        Optional.empty(),
        seen.map(EvmLedger.Sight::at),
        pile.chain().trouble().map(trouble -> trouble.reason()),
        !pile.chain().blind(),
        Optional.empty());
  }

  @Override
  public void close() {
    backups.close();
    evm.close();
  }
}
