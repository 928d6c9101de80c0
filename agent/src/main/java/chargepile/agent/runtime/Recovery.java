package chargepile.agent.runtime;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.codec.ChannelBackup;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerChannelCodec;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.codec.VoucherBackup;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a store to the backup of its channels, and from a backup to a new store. */
public final class Recovery {
  private static final String EVENT = "restored from a backup";

  private Recovery() {}

  /**
   * What a backup keeps of the penalty channels of a store.
   *
   * @throws MalformedStateException when the state of a channel can't be read
   */
  public static List<ChannelBackup.Entry> entries(Snapshot snapshot) {
    List<ChannelBackup.Entry> entries = new ArrayList<>();
    for (ChannelRow row : snapshot.channels()) {
      entry(new PublicKey(row.peer()), PeerChannelCodec.decode(row.state()))
          .ifPresent(entries::add);
    }
    return entries;
  }

  /** What a backup keeps of the penalty channels of a node at work. */
  public static List<ChannelBackup.Entry> entries(Map<PublicKey, PeerChannel> channels) {
    List<ChannelBackup.Entry> entries = new ArrayList<>();
    channels.forEach((peer, known) -> entry(peer, known).ifPresent(entries::add));
    return entries;
  }

  /** Nothing of a channel without funding, nor of one that is settled. */
  private static Optional<ChannelBackup.Entry> entry(PublicKey peer, PeerChannel known) {
    return known
        .leg()
        .penalty()
        .filter(channel -> !(channel.stage() instanceof Stage.Closed))
        .flatMap(Channel::kept)
        .map(kept -> new ChannelBackup.Entry(peer, kept));
  }

  /**
   * What a backup keeps of the voucher channels of a store.
   *
   * @throws MalformedStateException when the state of a channel can't be read
   */
  public static List<VoucherBackup.Entry> vouchers(Snapshot snapshot) {
    List<VoucherBackup.Entry> entries = new ArrayList<>();
    for (ChannelRow row : snapshot.channels()) {
      voucher(new PublicKey(row.peer()), PeerChannelCodec.decode(row.state()))
          .ifPresent(entries::add);
    }
    return entries;
  }

  /** What a backup keeps of the voucher channels of a node at work. */
  public static List<VoucherBackup.Entry> vouchers(Map<PublicKey, PeerChannel> channels) {
    List<VoucherBackup.Entry> entries = new ArrayList<>();
    channels.forEach((peer, known) -> voucher(peer, known).ifPresent(entries::add));
    return entries;
  }

  /** Nothing of a channel that nobody agreed to, nor of one that is settled. */
  private static Optional<VoucherBackup.Entry> voucher(PublicKey peer, PeerChannel known) {
    return known.leg() instanceof VoucherLeg(VoucherChannel channel)
        ? channel.recovering().map(kept -> new VoucherBackup.Entry(peer, known.keyIndex(), kept))
        : Optional.empty();
  }

  /** Fills the new store of a pile with the channels of a backup, to be recovered. */
  public static void pile(
      Store store, NodeBackup backup, PileSettings settings, Instant at, ByteVector32 entropy) {
    Map<PublicKey, PeerChannel> channels = recovering(backup);
    Pile pile = Pile.recovered(settings, channels, PeerChannel.unusedKeyIndex(entropy));
    commit(store, backup, at, channels, PileCodec.encode(pile));
  }

  /** Fills the new store of a driver with the channel of a backup, to be recovered. */
  public static void driver(Store store, NodeBackup backup, Instant at, ByteVector32 entropy) {
    Map<PublicKey, PeerChannel> channels = recovering(backup);
    Driver driver =
        channels.values().stream()
            .findFirst()
            .map(Driver::recovered)
            .orElseGet(() -> Driver.fresh(PeerChannel.unusedKeyIndex(entropy)));
    commit(store, backup, at, channels, DriverCodec.encode(driver));
    // At another pile the channel would be given up as one that never was.
    channels.keySet().forEach(pile -> store.putMeta("pile", pile.toHex()));
  }

  private static Map<PublicKey, PeerChannel> recovering(NodeBackup backup) {
    Map<PublicKey, PeerChannel> channels = new LinkedHashMap<>();
    switch (backup) {
      case NodeBackup.OfPenalties(ChannelBackup kept) ->
          kept.channels()
              .forEach(
                  entry ->
                      channels.put(
                          entry.peer(),
                          new PeerChannel(
                              entry.channel().setup().keyIndex(),
                              new Channel(Link.DOWN, new Stage.Recovering(entry.channel())))));
      case NodeBackup.OfVouchers(VoucherBackup kept) ->
          kept.channels()
              .forEach(
                  entry ->
                      channels.put(
                          entry.peer(),
                          new PeerChannel(entry.keyIndex(), new VoucherLeg(entry.channel()))));
    }
    return channels;
  }

  private static void commit(
      Store store,
      NodeBackup backup,
      Instant at,
      Map<PublicKey, PeerChannel> channels,
      byte[] session) {
    NodeStore filled = new NodeStore(store);
    filled.belongsTo(backup.node(), backup.ledger());
    long unused =
        filled.commit(
            new NodeStore.Change(
                at,
                EVENT,
                Map.of(),
                channels,
                Map.of(),
                session,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of()));
  }

  /**
   * Whether every row of a store can be read; the first that can't is named.
   *
   * @throws MalformedStateException when one can't
   */
  public static void requireReadable(Snapshot snapshot) {
    for (ChannelRow row : snapshot.channels()) {
      try {
        PeerChannel unused = ChannelRows.channel(row);
      } catch (MalformedStateException e) {
        throw new MalformedStateException("channel %s: %s".formatted(row.id(), e.getMessage()), e);
      }
    }
  }
}
