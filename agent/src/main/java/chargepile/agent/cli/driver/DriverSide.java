package chargepile.agent.cli.driver;

import chargepile.agent.channel.Stage;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.OwnIdentity;
import chargepile.agent.cli.node.BackupFile;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Found;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.runtime.DriverNode;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.runtime.SystemTime;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.voucher.VoucherStage;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/** A driver's node at work, and what it has to say. */
public final class DriverSide implements AutoCloseable {
  /** The store's name in the wallet's folder. */
  public static final String STORE = "driver.db";

  /** The name of what is kept while there is a channel, in the wallet's folder. */
  public static final String BEGIN = "channels-begin";

  private final Closings closings = new Closings();
  private final BlockingQueue<DriverAction> said = new LinkedBlockingQueue<>();

  /** What was told of errands; belongs to the node's mailbox. */
  private final Set<String> errands = new HashSet<>();

  private final List<String> found = new ArrayList<>();
  private final DriverNode node;
  private final DriverLines lines;
  private Optional<TradeWatch> trade = Optional.empty();

  /**
   * What the driver agrees to, and what it buys on a market.
   *
   * @param want empty: nothing
   */
  record Plan(DriverPolicy policy, Optional<WantFile.Kept> want) {}

  /** Makes a plan of the ledger as it is. */
  interface Planning {
    Plan on(DriverLedger ledger) throws CommandFailedException, IOException;
  }

  /** Starts the node. */
  DriverSide(LinkOptions link, Planning planning)
      throws CommandFailedException, IOException, InterruptedException {
    try {
      DriverLedger.Way way = link.ledger();
      Home home = home(link);
      String name = "chargepile-driver-" + home.keys().nodeId().toHex().substring(2, 18);
      BrokerSettings broker = link.broker(home.pile(), name);
      DriverLedger ledger =
          closings.add(
              DriverLedger.open(
                  way,
                  new DriverLedger.Start(
                      home.keys(),
                      home.store(),
                      home.folder(),
                      home.folder().resolve(BackupFile.USUAL_NAME),
                      home.pile())));
      lines = new DriverLines(ledger.money());
      found.addAll(ledger.found());
      node = open(link, home, broker, ledger, planning.on(ledger));
    } catch (CommandFailedException | IOException | InterruptedException | RuntimeException e) {
      closings.close();
      throw e;
    }
    closings.add(node);
    Found.channel(state().channel().leg(), lines.money()).ifPresent(found::add);
    node.start();
  }

  /** What stands before the ledger is asked for anything. */
  private record Home(PileAddress pile, Path folder, NodeKeys keys, SqliteStore store) {}

  private Home home(LinkOptions link) throws CommandFailedException, IOException {
    PileAddress pile = link.pile();
    Path folder = Files.createDirectories(link.data());
    Path file = folder.resolve(STORE);
    OwnStore.requireNotLost(file, folder.resolve(BackupFile.USUAL_NAME));
    Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
    ByteVector32 seed = SeedFile.open(folder.resolve("seed"), link.passphraseFile(), file);
    NodeKeys keys = new NodeKeys(seed, signer);
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
    return new Home(pile, folder, keys, store);
  }

  private DriverNode open(
      LinkOptions link, Home home, BrokerSettings broker, DriverLedger ledger, Plan plan)
      throws CommandFailedException, IOException, InterruptedException {
    Optional<Market> market = market(ledger, plan);
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
            () -> link.identity().files(home.folder()),
            home.keys(),
            Optional.empty(),
            ledger.certified(),
            identityThread);
    found.addAll(identity.alerts());
    PahoBus bus = closings.add(new PahoBus(broker));
    return new DriverNode(
        new DriverNode.Parts(
            bus,
            link.topics(home.pile()),
            home.pile().node(),
            ledger.ledger(),
            home.store(),
            new Surroundings(
                Lane.thread("driver"), chainThread, time, Scheduler.on(timers), new SecureRandom()),
            home.keys(),
            plan.policy(),
            identity.identity()),
        transition -> {
          heard(transition);
          if (changesChannel(transition)) {
            ledger.changed(transition.next().channel());
          }
        },
        AwaitedPayments.NONE,
        market);
  }

  private Optional<Market> market(DriverLedger ledger, Plan plan) {
    if (plan.want().isEmpty() || !(ledger instanceof EvmDriverLedger evm)) {
      return Optional.empty();
    }
    TradeWatch watch = new TradeWatch(plan.want().get().want(), lines, evm.wantFile());
    ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("market").daemon().factory());
    closings.add(thread::shutdownNow);
    trade = Optional.of(watch);
    return Optional.of(evm.market(plan.want().get(), thread, watch::heard));
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

  /** An errand is given again until the chain shows its effect: that is news once. */
  private boolean isNews(DriverAction action) {
    return switch (action) {
      case DriverAction.Tell _, DriverAction.Alert _ -> true;
      case DriverAction.Errand _ -> lines.line(action).filter(errands::add).isPresent();
      case DriverAction.Store _,
          DriverAction.Send _,
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

  /** What becomes of what is bought on a market; empty when nothing is. */
  Optional<TradeWatch> trade() {
    return trade;
  }

  Driver state() {
    return node.state();
  }

  /** The channel with the pile. */
  PaymentLeg leg() {
    return state().channel().leg();
  }

  /** Whether this side lost the channel's data, and the pile has to close it. */
  boolean isRecovering() {
    return isRecoveringPenalty() || hasLostVouchers();
  }

  /** Whether nothing can be done but to ask: a state of its own may be revoked. */
  boolean isRecoveringPenalty() {
    return leg()
        .penalty()
        .filter(channel -> channel.stage() instanceof Stage.Recovering)
        .isPresent();
  }

  private boolean hasLostVouchers() {
    return leg() instanceof VoucherLeg voucher
        && voucher.channel().stage() instanceof VoucherStage.DataLost;
  }

  /** How what happens is told. */
  DriverLines lines() {
    return lines;
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
