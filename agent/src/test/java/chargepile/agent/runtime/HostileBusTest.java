package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody on the bus who hears every frame and says whatever harms most. */
@Timeout(60)
final class HostileBusTest {
  /** Publishes what was never said, or not like that. */
  private static final class Attacker {
    private final MemoryBus bus;
    private final Random random;
    private final List<Bus.Delivery> heard = new ArrayList<>();

    Attacker(TwoNodes nodes, long seed) {
      bus = nodes.broker.connect(Optional.empty());
      random = new Random(seed);
      var unused = bus.subscribe("chargepile/test/peer/#", this::hear);
    }

    private void hear(Bus.Delivery delivery) {
      if (delivery.payload().length > 0) {
        heard.add(delivery);
      }
    }

    void attack() {
      Bus.Delivery old = heard.get(random.nextInt(heard.size()));
      byte[] frame = old.payload().clone();
      switch (random.nextInt(7)) {
        case 0 -> bus.publish(old.topic(), frame, false);
        case 1 -> bus.publish(opposite(old.topic()), frame, false);
        case 2 -> bus.publish(heard.getLast().topic(), frame, false);
        case 3 ->
            bus.publish(old.topic(), Arrays.copyOf(frame, random.nextInt(frame.length)), false);
        case 4 -> {
          frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
          bus.publish(heard.getLast().topic(), frame, false);
        }
        case 5 -> {
          byte[] noise = new byte[random.nextInt(200)];
          random.nextBytes(noise);
          bus.publish(heard.getLast().topic(), noise, false);
        }
        default -> {
          byte[] noise = new byte[60];
          random.nextBytes(noise);
          noise[0] = (byte) random.nextInt(8);
          String session = "%032x".formatted(random.nextLong() >>> 1);
          bus.publish(TwoNodes.TOPICS.toPile(session), noise, random.nextInt(10) == 0);
        }
      }
    }

    private static String opposite(String topic) {
      return topic.endsWith("to-pile")
          ? topic.replace("to-pile", "to-driver")
          : topic.replace("to-driver", "to-pile");
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theSessionGoesOnAsIfNobodyWereThere(long seed) {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL)) {
      Attacker attacker = new Attacker(nodes, seed);
      nodes.start().open();
      nodes.chargeUntil(1_000);
      while (nodes.delivered() < 460_000) {
        for (int i = 0; i < 5; i++) {
          attacker.attack();
        }
        nodes.chargeUntil(nodes.delivered() + 3_000);
      }
      nodes.finish().checkPaidInFull();
      assertEquals(466_000, nodes.delivered());
      assertEquals(1, nodes.pileLog.stream().filter("engage"::equals).count(), "undisturbed");
      assertTrue(attacker.heard.size() > 500);
    }
  }
}
