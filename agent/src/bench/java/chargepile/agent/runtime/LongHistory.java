package chargepile.agent.runtime;

import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelMachine;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.Signer;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.leg.PenaltyLeg;
import chargepile.agent.store.RegistersRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a long history of one channel weighs: bytes on disk after many updates, each transition a
 * commit of its own on either side, and the time until a machine stands on them again.
 *
 * <p>{@code LongHistory FOLDER [UPDATES]} writes both stores where FOLDER has none; started again
 * on the same folder, in a new virtual machine, it only reads. A folder in memory, such as one of
 * /dev/shm, spares the syncs, which are a disk's own figure. Prints one line for each figure.
 */
public final class LongHistory {
  private static final int UPDATES = 100_000;
  private static final Satoshi CAPACITY = new Satoshi(10_000_000);
  private static final SessionId SESSION = new SessionId(new ByteVector(new byte[16]));
  private static final ByteVector HOME = new ByteVector("0014" + "00".repeat(20));

  private final Signer signer = Signer.best();
  private final Side pile;
  private final Side driver;
  private Transaction funding = new Transaction(2, List.of(), List.of(), 0);

  private LongHistory(Path folder) {
    pile = new Side(folder.resolve("pile.db"), (byte) 1, true);
    driver = new Side(folder.resolve("driver.db"), (byte) 2, false);
  }

  private final class Side implements AutoCloseable {
    final ChannelMachine machine;
    final PublicKey node;
    final boolean metering;
    final SqliteStore file;
    final NodeStore store;
    final Deque<ChannelMessage> inbox = new ArrayDeque<>();
    Channel state = Channel.NEW;
    long commits;
    long metered;

    Side(Path path, byte seed, boolean metering) {
      byte[] bytes = new byte[32];
      bytes[0] = seed;
      ByteVector32 secret = new ByteVector32(bytes);
      this.metering = metering;
      node = new NodeKeys(secret, signer).nodeId();
      machine = machine(signer, secret, metering);
      file = SqliteStore.open(path);
      store = new NodeStore(file);
    }

    void on(ChannelEvent event) {
      ChannelTransition transition = machine.on(state, event);
      state = transition.next();
      // What is stored is the first of the list, as in a node.
      for (ChannelAction action : transition.actions()) {
        if (action instanceof ChannelAction.Store(String name)) {
          commit(name);
        } else if (action instanceof ChannelAction.Send(List<ChannelMessage> messages)) {
          other().inbox.addAll(messages);
        } else if (action instanceof ChannelAction.BuildFunding build) {
          on(new ChannelEvent.FundingBuilt(funding(build)));
        } else if (action instanceof ChannelAction.Alert(String text)) {
          throw new IllegalStateException(text);
        }
      }
    }

    private void commit(String name) {
      PeerChannel channel = new PeerChannel(0, new PenaltyLeg(state));
      store.commit(
          new NodeStore.Change(
              Instant.now(),
              name,
              Map.of(),
              Map.of(other().node, channel),
              Map.of(),
              DriverCodec.encode(Driver.recovered(channel)),
              metering ? Optional.of(new RegistersRow(metered, 0)) : Optional.empty(),
              List.of(),
              List.of(),
              List.of()));
      commits++;
    }

    Side other() {
      return metering ? driver : pile;
    }

    @Override
    public void close() {
      file.close();
    }
  }

  private static ChannelMachine machine(Signer signer, ByteVector32 secret, boolean metering) {
    return new ChannelMachine(
        new ChannelContext(signer, ChannelKeys.derive(secret, 0), 0, settings(), metering, HOME));
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int updates = arguments.length > 1 ? Integer.parseInt(arguments[1]) : UPDATES;
    if (!Files.exists(folder.resolve("pile.db"))) {
      new LongHistory(folder).write(updates);
    }
    for (String name : List.of("pile", "driver")) {
      read(name, folder.resolve(name + ".db"));
    }
  }

  private void write(int updates) {
    try (pile;
        driver) {
      open();
      long start = System.nanoTime();
      for (int i = 1; i <= updates; i++) {
        pile.metered = i;
        pile.on(
            new ChannelEvent.ClaimEnergy(
                SESSION,
                Direction.IMPORT,
                new MilliWattHours(i),
                i,
                new Amount(i * 50L),
                7,
                ByteVector.empty));
        talk();
      }
      long nanos = System.nanoTime() - start;
      Commitments now = pile.state.commitments().orElseThrow();
      System.out.println("commitment_number " + now.local().number());
      System.out.println("update_us " + nanos / 1000 / updates);
      System.out.println("pile_commits " + pile.commits);
      System.out.println("driver_commits " + driver.commits);
    }
  }

  private void open() {
    pile.on(new ChannelEvent.Connected());
    driver.on(new ChannelEvent.Connected());
    driver.on(
        new ChannelEvent.Open(
            new ChannelId(ByteVector32.One), CAPACITY, Amount.ZERO, new Feerate(2500)));
    talk();
    Commitments now = driver.state.commitments().orElseThrow();
    ChainView view =
        new ChainView(
            new BlockHeight(10),
            new Feerate(1000),
            Map.of(now.funding(), funding.txOut.getFirst()),
            Map.of(),
            Map.of(now.funding().txid, new BlockHeight(1)));
    pile.on(new ChannelEvent.ChainChanged(view));
    driver.on(new ChannelEvent.ChainChanged(view));
    talk();
  }

  private Transaction funding(ChannelAction.BuildFunding build) {
    var input = new TxIn(new OutPoint(new TxId(ByteVector32.One), 0), TxIn.SEQUENCE_FINAL);
    var output = new TxOut(new fr.acinq.bitcoin.Satoshi(build.amount().value()), build.script());
    funding = new Transaction(2, List.of(input), List.of(output), 0);
    return funding;
  }

  private void talk() {
    while (!pile.inbox.isEmpty() || !driver.inbox.isEmpty()) {
      Side side = pile.inbox.isEmpty() ? driver : pile;
      side.on(new ChannelEvent.Received(side.inbox.remove()));
    }
  }

  private static void read(String name, Path path) throws IOException {
    System.out.println(name + "_bytes " + Files.size(path));
    Signer signer = Signer.best();
    long start = System.nanoTime();
    try (SqliteStore file = SqliteStore.open(path)) {
      long opened = System.nanoTime();
      Snapshot snapshot = new NodeStore(file).load();
      long loaded = System.nanoTime();
      Channel channel =
          ChannelRows.channel(snapshot.channels().getFirst()).leg().penalty().orElseThrow();
      byte[] seed = new byte[32];
      seed[0] = (byte) (name.equals("pile") ? 1 : 2);
      Channel ready =
          machine(signer, new ByteVector32(seed), name.equals("pile"))
              .on(channel, new ChannelEvent.Disconnected())
              .next();
      long done = System.nanoTime();
      System.out.println(name + "_stage " + ready.stage().title());
      System.out.println(name + "_state_bytes " + snapshot.channels().getFirst().state().length);
      System.out.println(name + "_journal_rows " + file.size().rows().get("journal"));
      System.out.println(name + "_open_us " + (opened - start) / 1000);
      System.out.println(name + "_load_us " + (loaded - opened) / 1000);
      System.out.println(name + "_decode_and_ready_us " + (done - loaded) / 1000);
    }
    long started = ManagementFactory.getRuntimeMXBean().getStartTime();
    System.out.println(
        name + "_ready_after_jvm_start_ms " + (System.currentTimeMillis() - started));
  }

  private static ChannelSettings settings() {
    return new ChannelSettings(
        Block.RegtestGenesisBlock.hash.value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        50,
        2016,
        3,
        6,
        new Amount(1000),
        new Amount(5_000_000_000L),
        30);
  }
}
