package chargepile.agent.cli.run;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.ReservingWallet;
import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.WalletSettings;
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
import chargepile.agent.web.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.tinylog.Logger;

/** Bitcoin under a pile: node or server, wallet, and the backup of the channels. */
final class BitcoinPileLedger implements PileLedger {
  private final Closings closings;
  private final BitcoinNode node;
  private final SeenChain chain;
  private final PileTerms terms;
  private final FeeReserve reserve;
  private final BackupWriter<ChannelBackup.Entry> backups;

  private BitcoinPileLedger(Start start, BitcoinNode node) {
    this.node = node;
    this.closings = new Closings();
    closings.add(node);
    this.chain = new SeenChain(node.chain(), InstantSource.system());
    this.terms = new PileTerms(start.config());
    this.reserve = terms.reserve();
    this.backups =
        closings.add(
            new BackupWriter<>(
                start.config().store().backup(),
                new BackupWriter.OnBitcoin(
                    true,
                    start.keys().nodeId(),
                    node.genesis(),
                    begin(start),
                    Optional.of(start.address().toString()),
                    start.keys().seed()),
                Duration.ZERO));
    backups.channels(Recovery.entries(start.store().load()));
  }

  static BitcoinPileLedger open(Start start, LedgerSettings.Bitcoin settings)
      throws CommandFailedException, IOException, InterruptedException {
    BitcoinNode node =
        FirstContact.with(
            Configured.chain(settings.chain()),
            new BitcoinNode.Own(
                start.keys(),
                start.store().load(),
                begin(start),
                settings.wallet().sweepTo().map(WalletSettings.Destination::script)),
            start.waiting(),
            start.systemd());
    return new BitcoinPileLedger(start, node);
  }

  private static Path begin(Start start) {
    return start.folder().resolve(PileDaemon.BEGIN);
  }

  @Override
  public NodeLedger ledger(IntSupplier channels) {
    return new NodeLedger.Bitcoin(
        chain,
        new ReservingWallet(node.wallet(), reserve, channels),
        terms.channel(node.genesis()),
        node.closingScript());
  }

  /** None: a market stands on an EVM chain. */
  @Override
  public Optional<Market> market(PileSettings pile, IntSupplier channels, Executor thread) {
    return Optional.empty();
  }

  @Override
  public Ledger certified() {
    return new Ledger.Bitcoin(node.genesis());
  }

  @Override
  public Denomination money() {
    return Denomination.SATOSHI;
  }

  @Override
  public BlockHeight tip() {
    return node.chain().tip().height();
  }

  @Override
  public Optional<BlockHeight> height() {
    return chain.height();
  }

  @Override
  public void changed(Map<PublicKey, PeerChannel> channels) {
    backups.channels(Recovery.entries(channels));
  }

  @Override
  public AutoCloseable watchReserve(IntSupplier channels, Executor thread, Time time) {
    return new ReserveWatch(
        node.chain(),
        node.wallet(),
        reserve,
        channels,
        thread,
        time,
        alert -> Logger.warn("{}", alert));
  }

  @Override
  public Snapshot.Watch watch(Pile pile) {
    return PileSnapshot.watch(pile, chain.last());
  }

  @Override
  public void close() {
    closings.close();
  }
}
