package chargepile.agent.cli.driver;

import chargepile.agent.chain.FeeReserve;
import chargepile.agent.chain.ReservingWallet;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.Stage;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.OwnIdentity;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.BackupWriter;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Found;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.runtime.DriverNode;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Recovery;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.runtime.SystemTime;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.TxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.tinylog.Logger;

/** A driver's node at work, and what it has to say. */
public final class DriverSide implements AutoCloseable {
  /** The store's name in the wallet's folder. */
  public static final String STORE = "driver.db";

  /** The name of what is kept while there is a channel, in the wallet's folder. */
  public static final String BEGIN = "channels-begin";

  private static final ChannelSettings.FeerateBounds FEERATES =
      new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(25_000));
  private static final Satoshi DUST_LIMIT = new Satoshi(354);
  private static final int RESERVE_PER_MILLE = 10;
  private static final int TO_SELF_DELAY = 144;
  private static final int MAXIMUM_TO_SELF_DELAY = 2016;
  private static final int MINIMUM_DEPTH = 3;
  private static final int FINAL_DEPTH = 6;

  private final Closings closings = new Closings();
  private final BlockingQueue<DriverAction> said = new LinkedBlockingQueue<>();

  /** Belongs to the node's mailbox. */
  private final Set<TxId> published = new HashSet<>();

  private final List<String> found = new ArrayList<>();
  private final DriverNode node;

  /**
   * Starts the node.
   *
   * @param policy made from the chain's present feerate
   */
  DriverSide(LinkOptions link, Function<Feerate, DriverPolicy> policy)
      throws CommandFailedException, IOException, InterruptedException {
    try {
      node = open(link, policy);
    } catch (CommandFailedException | IOException | InterruptedException | RuntimeException e) {
      closings.close();
      throw e;
    }
    closings.add(node);
    Found.channel(state().channel().leg()).ifPresent(found::add);
    node.start();
  }

  private DriverNode open(LinkOptions link, Function<Feerate, DriverPolicy> policy)
      throws CommandFailedException, IOException, InterruptedException {
    PileAddress pile = link.pile();
    BitcoinNode.Access access = link.bitcoin();
    Path folder = Files.createDirectories(link.data());
    Path file = folder.resolve(STORE);
    Path backup = folder.resolve(BackupFile.USUAL_NAME);
    OwnStore.requireNotLost(file, backup);
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    ByteVector32 seed = SeedFile.open(folder.resolve("seed"), link.passphraseFile(), file);
    NodeKeys keys = new NodeKeys(seed, signer);
    String name = "chargepile-driver-" + keys.nodeId().toHex().substring(2, 18);
    var brokerSettings = link.broker(pile, name);
    SqliteStore store = closings.add(OwnStore.open(file, DriverSide::readable));
    if (store.cutOff()) {
      found.add(Found.cutOff(file));
    }
    try {
      store.putMeta("pile", pile.node().toHex());
    } catch (StoreException e) {
      throw new CommandFailedException(
          "%s belongs to another pile than %s: give each pile a folder of its own with --data"
              .formatted(folder, pile),
          e);
    }
    BitcoinNode bitcoin =
        closings.add(
            BitcoinNode.connect(
                access,
                new BitcoinNode.Own(keys, store.load(), folder.resolve(BEGIN), Optional.empty())));
    BackupWriter backups =
        closings.add(
            new BackupWriter(
                backup,
                new BackupWriter.Owner(
                    false,
                    keys.nodeId(),
                    bitcoin.genesis(),
                    folder.resolve(BEGIN),
                    Optional.of(pile.toString()),
                    seed)));
    backups.channels(Recovery.entries(store.load()));
    Feerate feerate = bitcoin.chain().view(Set.of(), Set.of()).feerate();
    SystemTime time = closings.add(new SystemTime());
    ScheduledExecutorService timers =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("link-timers").daemon().factory());
    closings.add(timers::shutdownNow);
    ExecutorService chainThread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("chain").daemon().factory());
    closings.add(chainThread::shutdownNow);
    ExecutorService identityThread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("identity").daemon().factory());
    closings.add(identityThread::shutdownNow);
    OwnIdentity.Opened identity =
        OwnIdentity.open(
            link.identity().policy(),
            () -> link.identity().files(folder),
            keys,
            Optional.empty(),
            bitcoin.genesis(),
            identityThread);
    found.addAll(identity.alerts());
    PahoBus bus = closings.add(new PahoBus(brokerSettings));
    return new DriverNode(
        new DriverNode.Parts(
            bus,
            link.topics(pile),
            pile.node(),
            bitcoin.chain(),
            // It funds no second channel before the first is settled.
            new ReservingWallet(bitcoin.wallet(), FeeReserve.at(FEERATES.maximum()), () -> 0),
            store,
            new Surroundings(
                Lane.thread("driver"), chainThread, time, Scheduler.on(timers), new SecureRandom()),
            keys,
            policy.apply(within(feerate)),
            channelSettings(bitcoin.genesis()),
            bitcoin.closingScript(),
            identity.identity()),
        transition -> {
          heard(transition);
          if (changesChannel(transition)) {
            backups.channels(Recovery.entries(Map.of(pile.node(), transition.next().channel())));
          }
        });
  }

  private static Feerate within(Feerate feerate) {
    return feerate.compareTo(FEERATES.maximum()) > 0 ? FEERATES.maximum() : feerate;
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

  /** Reads what a driver keeps beside its channel. */
  public static void readable(byte[] session) {
    Driver unused = DriverCodec.decode(session, keyIndex -> PaymentLeg.none());
  }

  private static boolean changesChannel(DriverTransition transition) {
    return transition.actions().stream()
        .anyMatch(action -> action instanceof DriverAction.Store stored && stored.channel());
  }

  /** On the node's mailbox. */
  private void heard(DriverTransition transition) {
    transition.actions().stream().filter(this::isNews).forEach(said::add);
  }

  /** A transaction is published again at every block until it is in one: that is news once. */
  private boolean isNews(DriverAction action) {
    return switch (action) {
      case DriverAction.Tell _, DriverAction.Alert _ -> true;
      case DriverAction.Errand(LegAction.OnBitcoin(ChannelAction.Broadcast(var transaction, _))) ->
          published.add(transaction.txid);
      case DriverAction.Store _,
          DriverAction.Send _,
          DriverAction.Errand _,
          DriverAction.Ask _,
          DriverAction.SetTimer _,
          DriverAction.CancelTimer _ ->
          false;
    };
  }

  /** What the last run left, in lines for people. */
  List<String> found() {
    return List.copyOf(found);
  }

  DriverNode node() {
    return node;
  }

  Driver state() {
    return node.state();
  }

  Stage stage() {
    return state().channel().leg().penalty().orElseThrow().stage();
  }

  /** What the node says next; empty when it says nothing for so long. */
  Optional<DriverAction> next(Duration patience)
      throws CommandFailedException, InterruptedException {
    DriverAction action = said.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (action == null && node.failure().isPresent()) {
      RuntimeException failure = node.failure().get();
      throw new CommandFailedException(String.valueOf(failure.getMessage()), failure);
    }
    return Optional.ofNullable(action);
  }

  @Override
  public void close() {
    closings.close();
  }
}
