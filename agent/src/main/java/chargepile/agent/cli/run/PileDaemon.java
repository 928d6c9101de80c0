package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.identity.IdentityFiles;
import chargepile.agent.cli.identity.OwnIdentity;
import chargepile.agent.cli.node.Closings;
import chargepile.agent.cli.node.Configured;
import chargepile.agent.cli.node.OwnStore;
import chargepile.agent.cli.node.PileAddress;
import chargepile.agent.cli.node.SeedFile;
import chargepile.agent.cli.systemd.Systemd;
import chargepile.agent.config.Config;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.Heartbeat;
import chargepile.agent.runtime.HomeAssistant;
import chargepile.agent.runtime.Lane;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.PaidIn;
import chargepile.agent.runtime.PileCommands;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.runtime.Surroundings;
import chargepile.agent.runtime.WaitingPile;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** A pile at work for as long as the process lives: puts it together and keeps it. */
public final class PileDaemon {
  /** The store's name in the data directory. */
  public static final String STORE = "pile.db";

  /** The name of what is kept while there are channels, in the data directory. */
  public static final String BEGIN = "channels-begin";

  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Config config;
  private final Topics topics;

  PileDaemon(Config config) {
    this.config = config;
    this.topics = Topics.of(config.pile().id());
  }

  /**
   * Runs until interrupted; everything is closed then, the contactor first.
   *
   * @param ready told the pile's address once it works
   */
  void run(Consumer<PileAddress> ready)
      throws CommandFailedException, IOException, InterruptedException {
    try (Closings closings = new Closings()) {
      Systemd systemd = closings.add(Systemd.of(System.getenv(), ProcessHandle.current().pid()));
      Signer signer = Signer.best(reason -> Logger.warn("{}", reason));
      Path folder = Files.createDirectories(config.pile().dataDirectory());
      Path file = folder.resolve(STORE);
      OwnStore.requireNotLost(file, config.store().backup());
      ByteVector32 seed =
          SeedFile.open(folder.resolve("seed"), config.pile().passphraseFile(), file);
      NodeKeys keys = new NodeKeys(seed, signer);
      PileTerms terms = new PileTerms(config);
      SqliteStore store =
          closings.add(OwnStore.open(file, session -> readable(session, terms.pile())));
      ScheduledExecutorService timers =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("link-timers").daemon().factory());
      closings.add(timers::shutdownNow);
      ExecutorService chainThread =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().name("chain").daemon().factory());
      closings.add(chainThread::shutdownNow);
      ExecutorService marketThread =
          Executors.newSingleThreadExecutor(Thread.ofPlatform().name("market").daemon().factory());
      closings.add(marketThread::shutdownNow);
      PahoBus bus =
          closings.add(
              new PahoBus(
                  Configured.broker(config.mqtt(), Optional.of(PileNode.lastWill(topics)))));
      Hardware hardware = Hardware.open(config);
      closings.add(hardware.whole());
      Supplier<WaitingPile> waiting =
          () ->
              new WaitingPile(
                  bus,
                  topics,
                  Lane.thread("waiting"),
                  hardware.time(),
                  Scheduler.on(timers),
                  keys.nodeId(),
                  keys.meterId(),
                  paidIn(),
                  terms.pile());
      PileAddress address = new PileAddress(keys.nodeId(), authority(), topics.pileId());
      PileLedger ledger =
          closings.add(
              PileLedger.open(
                  new PileLedger.Start(config, keys, store, folder, address, waiting, systemd)));
      ExecutorService identityThread =
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().name("identity").daemon().factory());
      closings.add(identityThread::shutdownNow);
      OwnIdentity.Opened identity =
          OwnIdentity.open(
              config.identity().policy(),
              () -> identityFiles(config),
              keys,
              Optional.of(config.pile().ratedPowerWatts()),
              ledger.certified(),
              identityThread);
      identity.alerts().forEach(alert -> Logger.error("{}", alert));
      AtomicInteger channels = new AtomicInteger();
      PileNode pile =
          closings.add(
              new PileNode(
                  new PileNode.Parts(
                      hardware.ports(),
                      bus,
                      topics,
                      ledger.ledger(channels::get),
                      store,
                      new Surroundings(
                          Lane.thread("pile"),
                          chainThread,
                          hardware.time(),
                          Scheduler.on(timers),
                          new SecureRandom()),
                      keys,
                      terms.pile(),
                      identity.identity(),
                      config.mqtt().publishPeer()),
                  transition -> {
                    channels.set(transition.next().unfinishedChannels());
                    if (changesChannels(transition)) {
                      ledger.changed(transition.next().channels());
                    }
                    if (hasEnded(transition.next())) {
                      hardware.sessionEnded().run();
                    }
                  },
                  AwaitedPayments.NONE,
                  ledger.market(terms.pile(), channels::get, marketThread)));
      channels.set(pile.state().unfinishedChannels());
      LastRun.lines(file, store.cutOff(), ledger.money(), pile.state())
          .forEach(line -> Logger.info("{}", line));
      pile.start();
      closings.add(new PileCommands(bus, topics, hardware.time(), pile::command));
      closings.add(
          new Heartbeat(
              bus,
              topics,
              hardware.time(),
              config.mqtt().heartbeat(),
              ledger::tip,
              chainThread,
              pile));
      new HomeAssistant(
              topics,
              config.mqtt().homeAssistant().prefix(),
              config.mqtt().heartbeat(),
              ledger.money())
          .announce(bus, config.mqtt().homeAssistant().wanted());
      closings.add(ledger.watchReserve(channels::get, chainThread, hardware.time()));
      closings.add(
          StatusPage.open(
              config, new StatusPage.Subject(pile, address, bus, ledger, hardware.time())));
      // The last that was opened is the first that is closed: nothing else delays the contactor.
      // For good: drivers and timers are heard until the pile itself is closed.
      closings.add(hardware.ports().contactor()::releaseForGood);
      closings.add(systemd::stopping);
      ready.accept(address);
      systemd.ready();
      while (pile.failure().isEmpty()) {
        systemd.status(status(pile.state(), ledger.height()));
        systemd.beat(pile::inTurn);
        Thread.sleep(GLANCE);
      }
      throw new CommandFailedException(
          String.valueOf(pile.failure().get().getMessage()), pile.failure().get());
    }
  }

  /** As far as the configuration says. */
  private PaidIn paidIn() {
    return switch (config.ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> new PaidIn.Bitcoin();
      case LedgerSettings.Evm evm ->
          new PaidIn.Token(evm.evm().chainId(), evm.evm().voucherChannel(), evm.evm().token());
    };
  }

  /** Where a pile's identity lies. */
  public static IdentityFiles identityFiles(Config config) {
    return IdentityFiles.in(config.pile().dataDirectory())
        .with(
            config.identity().identity(), config.identity().kgc(), config.identity().revocations());
  }

  /**
   * What the service manager shows: what keeps it from selling first, then what it does, and the
   * last block that it has seen.
   */
  static String status(Pile pile, Optional<BlockHeight> tip) {
    List<String> said = new ArrayList<>();
    if (!pile.faults().isEmpty()) {
      said.add("fault: " + pile.faults().stream().map(Enum::name).sorted().toList());
    }
    said.add(pile.session().map(session -> session.phase().title()).orElse("no session"));
    int channels = pile.unfinishedChannels();
    said.add(channels == 1 ? "1 channel" : channels + " channels");
    tip.ifPresent(height -> said.add("block " + height.value()));
    pile.chain().trouble().ifPresent(trouble -> said.add("no chain: " + trouble.reason()));
    return String.join("; ", said);
  }

  /** Reads what a pile keeps beside its channels. */
  public static void readable(byte[] session, PileSettings settings) {
    Pile unused = PileCodec.decode(session, settings, (peer, keyIndex) -> PaymentLeg.none());
  }

  private static boolean changesChannels(PileTransition transition) {
    return transition.actions().stream()
        .anyMatch(
            action -> action instanceof PileAction.Store store && !store.channels().isEmpty());
  }

  private static boolean hasEnded(Pile pile) {
    return pile.session().filter(session -> session.phase() instanceof Phase.Ended).isPresent();
  }

  private String authority() {
    return config.mqtt().broker().getHost() + ":" + config.mqtt().broker().getPort();
  }
}
