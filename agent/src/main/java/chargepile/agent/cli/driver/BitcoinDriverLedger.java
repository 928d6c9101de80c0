package chargepile.agent.cli.driver;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.ReservingWallet;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.identity.Ledger;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Bitcoin under a driver's wallet, and the backup of its channel. */
final class BitcoinDriverLedger implements DriverLedger {
  private static final ChannelSettings.FeerateBounds FEERATES =
      new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(25_000));
  private static final Satoshi DUST_LIMIT = new Satoshi(354);
  private static final int RESERVE_PER_MILLE = 10;
  private static final int TO_SELF_DELAY = 144;
  private static final int MAXIMUM_TO_SELF_DELAY = 2016;
  private static final int MINIMUM_DEPTH = 3;
  private static final int FINAL_DEPTH = 6;

  private final Closings closings = new Closings();
  private final BitcoinNode node;
  private final PublicKey pile;
  private final BackupWriter<ChannelBackup.Entry> backups;
  private final Feerate feerate;

  private BitcoinDriverLedger(BitcoinNode node, Start start) {
    this.node = closings.add(node);
    this.pile = start.pile().node();
    try {
      this.backups =
          closings.add(
              new BackupWriter<>(
                  start.backup(),
                  new BackupWriter.OnBitcoin(
                      false,
                      start.keys().nodeId(),
                      node.genesis(),
                      begin(start),
                      Optional.of(start.pile().toString()),
                      start.keys().seed()),
                  Duration.ZERO));
      backups.channels(Recovery.entries(start.store().load()));
      this.feerate = node.chain().view(Set.of(), Set.of()).feerate();
    } catch (RuntimeException e) {
      closings.close();
      throw e;
    }
  }

  static BitcoinDriverLedger open(BitcoinNode.Access access, Start start) throws IOException {
    return new BitcoinDriverLedger(
        BitcoinNode.connect(
            access,
            new BitcoinNode.Own(
                start.keys(), start.store().load(), begin(start), Optional.empty())),
        start);
  }

  private static Path begin(Start start) {
    return start.folder().resolve(DriverSide.BEGIN);
  }

  /** Of a channel to open: the chain's at present, within what is accepted. */
  Feerate feerate() {
    return feerate.compareTo(FEERATES.maximum()) > 0 ? FEERATES.maximum() : feerate;
  }

  @Override
  public NodeLedger ledger() {
    return new NodeLedger.Bitcoin(
        node.chain(),
        // It funds no second channel before the first is settled.
        new ReservingWallet(node.wallet(), FeeReserve.at(FEERATES.maximum()), () -> 0),
        channelSettings(node.genesis()),
        node.closingScript());
  }

  private static ChannelSettings channelSettings(ByteVector32 genesis) {
    return new ChannelSettings(
        genesis,
        new ChannelSettings.CapacityBounds(
            new Satoshi(20_000), new Satoshi(2_100_000_000_000_000L)),
        FEERATES,
        DUST_LIMIT,
        RESERVE_PER_MILLE,
        TO_SELF_DELAY,
        MAXIMUM_TO_SELF_DELAY,
        MINIMUM_DEPTH,
        FINAL_DEPTH,
        new Amount(1000),
        new Amount(5_000_000_000L),
        30);
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
  public void changed(PeerChannel channel) {
    backups.channels(Recovery.entries(Map.of(pile, channel)));
  }

  @Override
  public List<String> found() {
    return List.of();
  }

  @Override
  public void close() {
    closings.close();
  }
}
