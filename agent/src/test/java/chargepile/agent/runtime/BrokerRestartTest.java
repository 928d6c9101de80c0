package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.session.pile.PileSettings;
import chargepile.hal.sim.Player;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real mosquitto, which is killed in the middle of a session. */
@Timeout(90)
final class BrokerRestartTest {
  /** Virtual seconds a second: the session takes some seconds. */
  private static final double SPEED = 60;

  /** The broker is away for minutes of virtual time. */
  static PileSettings patient() {
    PileSettings usual = TwoNodes.PILE;
    return new PileSettings(
        usual.meter(),
        usual.plausibility(),
        usual.tariff(),
        usual.exposure(),
        usual.directions(),
        usual.switching(),
        Duration.ofHours(10),
        Duration.ofHours(1),
        Duration.ofHours(1),
        usual.storeEvery(),
        usual.storeEveryEnergy(),
        usual.closeAfterSession(),
        usual.closeWhenSilent());
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      Thread.sleep(Duration.ofMillis(5)); // the class's timeout ends it
    }
  }

  @Test
  void theSessionGoesOnWhenTheBrokerIsBack() throws Exception {
    PrivateBroker broker = RealBroker.start();
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(patient()))) {
      nodes.pileBus = new PahoBus(BrokerSettings.of(broker.url(), "pile"));
      nodes.driverBus = new PahoBus(BrokerSettings.of(broker.url(), "driver"));
      nodes.linkTimers = Scheduler.on(timers);
      nodes.start();
      try (Player player = Player.start(nodes.clock, SPEED, nodes::settle)) {
        await(() -> nodes.stage().title().equals("AwaitingReady"));
        while (!nodes.stage().title().equals("Normal")) {
          nodes.chain.mine(1);
          Thread.sleep(Duration.ofMillis(50));
        }
        nodes.hardware.plugIn();
        await(() -> nodes.delivered() >= 100_000);
        broker.close();
        long atLeast = nodes.delivered();
        broker = RealBroker.restart(broker);
        await(() -> nodes.delivered() >= atLeast + 3 * TwoNodes.CREDIT);
        await(nodes.hardware::traceEnded);
        await(() -> nodes.delivered() >= 466_000);
        nodes.clock.schedule(Duration.ZERO, nodes.hardware::unplug);
        await(nodes::isEnded);
        await(() -> !nodes.stage().title().equals("Normal"));
        assertEquals(null, player.failure());
      }
      nodes.checkExposure();
      assertEquals(466_000, nodes.paid().energy().value());
      assertEquals(nodes.delivered(), nodes.paid().energy().value());
      Map<String, String> kept = retained(broker);
      assertEquals("open", kept.get(TwoNodes.TOPICS.contactor()));
      assertEquals("online", kept.get(TwoNodes.TOPICS.status()));
      assertEquals("466.000", kept.get(TwoNodes.TOPICS.energyImportWh()));
    } finally {
      timers.shutdownNow();
      broker.close();
    }
  }

  /** What a broker that had forgotten all keeps of the pile. */
  private static Map<String, String> retained(PrivateBroker broker) throws InterruptedException {
    Map<String, String> kept = new ConcurrentHashMap<>();
    try (PahoBus bus = new PahoBus(BrokerSettings.of(broker.url(), "reader"))) {
      var unused =
          bus.subscribe(
              "chargepile/#",
              delivery -> {
                assertTrue(delivery.retained());
                kept.put(delivery.topic(), new String(delivery.payload(), StandardCharsets.UTF_8));
              });
      await(
          () ->
              kept.containsKey(TwoNodes.TOPICS.status())
                  && "466.000".equals(kept.get(TwoNodes.TOPICS.energyImportWh()))
                  && kept.containsKey(TwoNodes.TOPICS.contactor()));
    }
    return kept;
  }
}
