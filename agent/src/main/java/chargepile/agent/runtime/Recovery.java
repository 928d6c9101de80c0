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
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.store.ChannelRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
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
   * What a backup keeps of the channels of a store.
   *
   * @throws MalformedStateException when the state of a channel can't be read
   */
  public static List<ChannelBackup.Entry> entries(Snapshot snapshot) {
    List<ChannelBackup.Entry> entries = new ArrayList<>();
    for (ChannelRow row : snapshot.channels()) {
      PublicKey peer = new PublicKey(row.peer());
      PeerChannelCodec.decode(row.state())
          .leg()
          .penalty()
          .flatMap(channel -> entry(peer, channel))
          .ifPresent(entries::add);
    }
    return entries;
  }

  /** What a backup keeps of the channels of a pile at work. */
  public static List<ChannelBackup.Entry> entries(Map<PublicKey, PeerChannel> channels) {
    List<ChannelBackup.Entry> entries = new ArrayList<>();
    channels.forEach(
        (peer, known) ->
            known.leg().penalty().flatMap(channel -> entry(peer, channel)).ifPresent(entries::add));
    return entries;
  }

  /** Nothing of a channel without funding, nor of one that is settled. */
  private static Optional<ChannelBackup.Entry> entry(PublicKey peer, Channel channel) {
    return channel.stage() instanceof Stage.Closed
        ? Optional.empty()
        : channel.kept().map(kept -> new ChannelBackup.Entry(peer, kept));
  }

  /** Fills the new store of a pile with the channels of a backup, to be recovered. */
  public static void pile(
      Store store, ChannelBackup backup, PileSettings settings, Instant at, ByteVector32 entropy) {
    Map<PublicKey, PeerChannel> channels = new LinkedHashMap<>();
    backup.channels().forEach(entry -> channels.put(entry.peer(), recovering(entry)));
    Pile pile = Pile.recovered(settings, channels, PeerChannel.unusedKeyIndex(entropy));
    commit(store, backup, at, channels, PileCodec.encode(pile));
  }

  /** Fills the new store of a driver with the channel of a backup, to be recovered. */
  public static void driver(Store store, ChannelBackup backup, Instant at, ByteVector32 entropy) {
    Map<PublicKey, PeerChannel> channels = new LinkedHashMap<>();
    backup.channels().forEach(entry -> channels.put(entry.peer(), recovering(entry)));
    Driver driver =
        channels.values().stream()
            .findFirst()
            .map(Driver::recovered)
            .orElseGet(() -> Driver.fresh(PeerChannel.unusedKeyIndex(entropy)));
    commit(store, backup, at, channels, DriverCodec.encode(driver));
    // At another pile the channel would be given up as one that never was.
    channels.keySet().forEach(pile -> store.putMeta("pile", pile.toHex()));
  }

  private static void commit(
      Store store,
      ChannelBackup backup,
      Instant at,
      Map<PublicKey, PeerChannel> channels,
      byte[] session) {
    NodeStore filled = new NodeStore(store);
    filled.belongsTo(backup.node(), backup.chainHash());
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

  private static PeerChannel recovering(ChannelBackup.Entry entry) {
    return new PeerChannel(
        entry.channel().setup().keyIndex(),
        new Channel(Link.DOWN, new Stage.Recovering(entry.channel())));
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
