package chargepile.agent.runtime;

import chargepile.agent.chain.embedded.EmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedWallet;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.Disturbances;
import chargepile.hal.sim.PowerTrace;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How long a pile takes from the start of the JVM to the first pulse that it has counted, and the
 * memory that it holds at rest after that. Run it with the flags of the installed program; a broker
 * is started where mosquitto is found. Prints one line for each figure.
 */
public final class PileAtRest {
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Path STATUS = Path.of("/proc/self/status");

  private PileAtRest() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("chargepile-at-rest");
    Optional<PrivateBroker> broker = PrivateBroker.start(Optional.empty());
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    CountDownLatch counted = new CountDownLatch(1);
    try (SqliteStore store = SqliteStore.open(directory.resolve("pile.db"));
        SystemTime time = new SystemTime();
        EmbeddedChain chain = new EmbeddedChain(InstantSource.system(), Runnable::run);
        Bus bus = bus(broker, Scheduler.on(timers));
        SimulatedPile hardware = hardware();
        PileNode pile =
            new PileNode(
                parts(hardware, bus, chain, store, time, Scheduler.on(timers)),
                unlessCounted(counted))) {
      pile.start();
      hardware.step();
      while (!counted.await(1, TimeUnit.MILLISECONDS)) {
        hardware.step();
      }
      long started = ManagementFactory.getRuntimeMXBean().getStartTime();
      System.out.println("first_pulse_ms " + (System.currentTimeMillis() - started));
      System.out.println("transport " + bus.name());
      Thread.sleep(REST);
      print("VmRSS", "rest_rss_kb");
      print("VmHWM", "peak_rss_kb");
      System.out.println("load " + Files.readString(Path.of("/proc/loadavg")).strip());
    } finally {
      timers.shutdownNow();
      broker.ifPresent(PrivateBroker::close);
      delete(directory);
    }
  }

  private static Consumer<PileTransition> unlessCounted(CountDownLatch counted) {
    return transition -> {
      if (transition.next().meter().registers().importEnergy().value() > 0) {
        counted.countDown();
      }
    };
  }

  private static Bus bus(Optional<PrivateBroker> broker, Scheduler timers) {
    return broker
        .<Bus>map(found -> new PahoBus(BrokerSettings.of(found.url(), "pile")))
        .orElseGet(
            () ->
                new MemoryBroker(timers, MemoryBroker.Faults.NONE, new Random(1))
                    .connect(Optional.empty()));
  }

  /** A car that is plugged in, and a contactor that is welded: pulses come without a driver. */
  private static SimulatedPile hardware() {
    PowerTrace trace =
        new PowerTrace(List.of(new PowerTrace.Step(Duration.ofHours(1).toNanos(), 7_000_000)));
    SimulatedPile pile =
        SimulatedPile.builder(trace, S0Meter.fitting(1000, trace))
            .clock(new SimulatedClock(Instant.now()))
            .disturbances(Disturbances.builder().welded().build())
            .plugInAt(null)
            .build();
    pile.contactor().engage();
    pile.plugIn();
    return pile;
  }

  private static PileNode.Parts parts(
      SimulatedPile hardware,
      Bus bus,
      EmbeddedChain chain,
      SqliteStore store,
      Time time,
      Scheduler timers) {
    Signer signer = Signer.best();
    NodeKeys keys = new NodeKeys(ByteVector32.One, signer);
    EmbeddedWallet wallet = new EmbeddedWallet(chain, keys.seed(), signer);
    return new PileNode.Parts(
        hardware,
        bus,
        Topics.of("bench"),
        new NodeLedger.Bitcoin(chain, wallet, channel(chain), wallet.freshScript()),
        store,
        new Surroundings(Lane.thread("pile"), Runnable::run, time, timers, new SecureRandom()),
        keys,
        settings(),
        Optional.empty(),
        true);
  }

  private static PileSettings settings() {
    MeterSettings meter = MeterSettings.s0(1000, 11_000);
    return new PileSettings(
        meter,
        PlausibilityLimits.of(meter),
        new Tariff(1, new Amount(1_000_000), new Amount(1_000_000), Amount.ZERO),
        new Exposure(MilliWattHours.ofWattHours(1000), MilliWattHours.ofWattHours(1000)),
        Set.of(Direction.IMPORT),
        PileSettings.Switching.USUAL,
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        MilliWattHours.ofWattHours(100),
        true,
        true);
  }

  private static ChannelSettings channel(EmbeddedChain chain) {
    return new ChannelSettings(
        chain.genesis().value,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(100_000_000)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        144,
        2016,
        3,
        6,
        new Amount(1000),
        new Amount(500_000_000),
        30);
  }

  private static void print(String field, String name) throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      lines
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.replaceAll("\\D", ""))
          .forEach(kilobytes -> System.out.println(name + " " + kilobytes));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
