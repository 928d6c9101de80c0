package chargepile.agent.cli.demo;

import chargepile.agent.crypto.Signer;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.runtime.PileNode;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.Store;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tinylog.Logger;

/** What the demo's pile and driver stand on: a broker, which they share, and a store each. */
final class DemoWorld implements AutoCloseable {
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(10);

  /** The two who do business. */
  enum Who {
    PILE,
    DRIVER
  }

  /** One side's own things. */
  record Side(NodeKeys keys, Path file, Store store, Bus bus) {}

  /** Which broker a demo without a given one looks for. */
  enum BrokerChoice {
    /** A mosquitto of its own; memory where none is installed. */
    PRIVATE_OR_MEMORY,
    MEMORY
  }

  private interface Closing {
    void run() throws IOException;
  }

  private final Deque<Closing> closings = new ArrayDeque<>();
  private final SecureRandom random = new SecureRandom();
  final Signer signer = Signer.best(reason -> Logger.warn("{}", reason));

  final Topics topics = Topics.of("demo");
  final Scheduler linkTimers;
  final String transport;
  final Side pile;
  final Side driver;

  /** Where the stores are. */
  final Path folder;

  DemoWorld(DemoOptions options, DemoProgress progress, BrokerChoice choice)
      throws DemoFailedException, IOException, InterruptedException {
    Logger.info("signing with {}", signer.name());
    try {
      ScheduledExecutorService timers =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("link-timers").daemon().factory());
      closings.push(timers::shutdownNow);
      linkTimers = Scheduler.on(timers);
      folder = directory(options);
      progress.stage("looking for a broker");
      Optional<URI> url = broker(options, choice);
      Bus pileBus;
      Bus driverBus;
      if (url.isPresent()) {
        BrokerSettings.Will will = PileNode.lastWill(topics);
        pileBus = connect(settings(url.get(), "pile").withWill(will.topic(), will.payload()));
        driverBus = connect(settings(url.get(), "driver"));
        transport = pileBus.name();
      } else {
        progress.stage(
            "no mosquitto found: the messages stay in memory (install mosquitto or give --broker)");
        MemoryBroker memory = new MemoryBroker(linkTimers, MemoryBroker.Faults.NONE, random);
        pileBus = memory.connect(Optional.of(PileNode.lastWill(topics)));
        driverBus = memory.connect(Optional.empty());
        transport = "in-memory";
      }
      pile = side(folder.resolve("pile.db"), pileBus);
      driver = side(folder.resolve("driver.db"), driverBus);
    } catch (RuntimeException | IOException | DemoFailedException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private Side side(Path file, Bus bus) {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    NodeKeys keys = new NodeKeys(new ByteVector32(seed), signer);
    Store store = SqliteStore.open(file);
    closings.push(store::close);
    return new Side(keys, file, store, bus);
  }

  /** A random key. */
  PrivateKey secret() {
    byte[] bytes = new byte[32];
    PrivateKey key;
    do {
      random.nextBytes(bytes);
      key = new PrivateKey(new ByteVector32(bytes));
    } while (!key.isValid());
    return key;
  }

  Side of(Who who) {
    return switch (who) {
      case PILE -> pile;
      case DRIVER -> driver;
    };
  }

  /** Closes the pile's store and says what it occupies for good. */
  long closedStoreBytes() throws IOException {
    pile.store().close();
    return Files.size(pile.file());
  }

  private Path directory(DemoOptions options) throws IOException {
    if (options.directory().isPresent()) {
      Path directory = Files.createDirectories(options.directory().get());
      for (String name : List.of("pile.db", "driver.db")) {
        if (Files.exists(directory.resolve(name))) {
          throw new IOException(
              directory.resolve(name) + " exists: give an empty directory, or remove it");
        }
      }
      return directory;
    }
    Path directory = Files.createTempDirectory("chargepile-demo");
    closings.push(() -> delete(directory));
    return directory;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Optional<URI> broker(DemoOptions options, BrokerChoice choice) {
    if (options.broker().isPresent() || choice == BrokerChoice.MEMORY) {
      return options.broker();
    }
    Optional<PrivateBroker> started = PrivateBroker.start(Optional.empty());
    started.ifPresent(broker -> closings.push(broker::close));
    return started.map(PrivateBroker::url);
  }

  private BrokerSettings settings(URI url, String client) {
    return BrokerSettings.of(url, "demo-" + client + "-" + Long.toHexString(random.nextLong()));
  }

  private Bus connect(BrokerSettings settings) throws DemoFailedException, InterruptedException {
    PahoBus bus = new PahoBus(settings);
    closings.push(bus::close);
    CountDownLatch connected = new CountDownLatch(1);
    bus.onConnection(
        up -> {
          if (up) {
            connected.countDown();
          }
        });
    if (!connected.await(BROKER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new DemoFailedException(
          "the broker at %s does not answer within %d s: is it running, and is the URL right?"
              .formatted(settings.url(), BROKER_PATIENCE.toSeconds()));
    }
    return bus;
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (IOException | RuntimeException e) {
        Logger.warn(e, "while ending the demo: {}", e.getMessage());
      }
    }
  }
}
