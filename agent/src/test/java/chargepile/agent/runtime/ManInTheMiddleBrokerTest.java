package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.PahoBus;
import chargepile.agent.mqtt.PrivateBroker;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.mqtt.Scheduler;
import chargepile.hal.sim.Player;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pile and driver each at a mosquitto of its own; the attacker is all that connects the two. */
@Timeout(90)
final class ManInTheMiddleBrokerTest {
  /** Virtual seconds a second: the session takes some seconds. */
  private static final double SPEED = 20;

  /** One upon each frame, in turn. */
  private static final List<Attack> ATTACKS =
      List.of(
          Attack.DUPLICATE,
          Attack.REFLECT,
          Attack.INJECT_NOISE,
          Attack.SPLICE,
          Attack.CUT_AND_STRETCH,
          Attack.OTHER_TOPICS,
          Attack.OTHER_PROTOCOLS,
          Attack.UNKNOWN_SESSION,
          Attack.REPLAY_HERE);

  /** What was thrown where the client library swallows it. */
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private Bus guarded(PrivateBroker broker, String name) {
    return new Guarded(new PahoBus(BrokerSettings.of(broker.url(), name)), failures);
  }

  /** A bus whose listeners' errors are kept. */
  private record Guarded(Bus bus, Queue<String> failures) implements Bus {
    @Override
    public String name() {
      return bus.name();
    }

    @Override
    public AutoCloseable subscribe(String filter, Consumer<Delivery> listener) {
      return bus.subscribe(
          filter,
          delivery -> {
            try {
              listener.accept(delivery);
            } catch (RuntimeException | Error e) {
              failures.add("at a message on %s: %s".formatted(delivery.topic(), e));
              throw e;
            }
          });
    }

    @Override
    public void publish(String topic, byte[] payload, boolean retained, Properties properties) {
      bus.publish(topic, payload, retained, properties);
    }

    @Override
    public void onConnection(Consumer<Boolean> listener) {
      bus.onConnection(listener);
    }

    @Override
    public void close() {
      bus.close();
    }
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    while (!holds.getAsBoolean()) {
      Thread.sleep(Duration.ofMillis(5)); // the class's timeout ends it
    }
  }

  @Test
  void everyPulseIsPaidAllTheSame() throws Exception {
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    try (PrivateBroker pilesBroker = RealBroker.start();
        PrivateBroker driversBroker = RealBroker.start();
        PahoBus atPile = new PahoBus(BrokerSettings.of(pilesBroker.url(), "eve"));
        PahoBus atDriver = new PahoBus(BrokerSettings.of(driversBroker.url(), "eve"));
        TwoNodes nodes = new TwoNodes(Charge.usual().with(BrokerRestartTest.patient()))) {
      nodes.pileBus = guarded(pilesBroker, "pile");
      nodes.driverBus = guarded(driversBroker, "driver");
      nodes.linkTimers = Scheduler.on(timers);
      Adversary eve =
          new Adversary(
              atPile,
              atDriver,
              nodes.linkTimers,
              System::nanoTime,
              new NodeKeys(TwoNodes.seed("pile"), TwoNodes.SIGNER).nodeId(),
              ATTACKS,
              Adversary.EVERY,
              1);
      nodes.start();
      try (Player player = Player.start(nodes.clock, SPEED, nodes::settle)) {
        await(() -> nodes.stage().title().equals("AwaitingReady"));
        while (!nodes.stage().title().equals("Normal")) {
          nodes.chain.mine(1);
          Thread.sleep(Duration.ofMillis(50));
        }
        nodes.hardware.plugIn();
        await(nodes.hardware::traceEnded);
        await(() -> nodes.delivered() >= 70_000);
        nodes.clock.schedule(Duration.ZERO, nodes.hardware::unplug);
        await(nodes::isEnded);
        await(() -> !nodes.stage().title().equals("Normal"));
        assertEquals(null, player.failure());
      }
      nodes.checkExposure();
      assertEquals(70_000, nodes.paid().energy().value());
      assertFalse(nodes.hardware.contactor().engaged());
      assertEquals(List.of(), eve.failures());
      assertEquals(List.of(), List.copyOf(failures));
      assertEquals(7_000_000, nodes.paid().amount().value());
      assertTrue(eve.struck() > 20 && eve.deeds() > 200, () -> eve.struck() + " " + eve.deeds());
      for (Attack attack : ATTACKS) {
        assertTrue(
            eve.effects().getOrDefault("deed of " + attack, 0L) > 0,
            () -> attack + " came to " + eve.effects());
      }
    } finally {
      timers.shutdownNow();
    }
  }
}
