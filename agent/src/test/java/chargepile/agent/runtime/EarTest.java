package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.MemoryBroker;
import chargepile.agent.mqtt.MemoryBus;
import chargepile.hal.sim.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That who acts upon what was not said is caught: here it acts upon everything. */
final class EarTest {
  private static final String TOPIC = "chargepile/test/peer/" + "0".repeat(32) + "/to-pile";

  private final SimulatedClock clock = new SimulatedClock(Instant.EPOCH);
  private final MemoryBroker pilesBroker = broker();
  private final Ear pile = new Ear(pilesBroker.connect(Optional.empty()), "the pile");
  private final Ear driver = new Ear(broker().connect(Optional.empty()), "the driver");
  private final MemoryBus eve = pilesBroker.connect(Optional.empty());
  private Object between = "nothing";

  private MemoryBroker broker() {
    return new MemoryBroker(
        (delay, task) -> clock.schedule(delay, task), MemoryBroker.Faults.NONE, new Random(1));
  }

  @BeforeEach
  void pileBelievesEverything() {
    pile.hears(driver, Set.of(TOPIC + "-strangers"), () -> between);
    var unused = pile.subscribe(TOPIC, (Bus.Delivery delivery) -> pile.transition());
    driver.publish(TOPIC, frame(3, 0), false);
    driver.publish(TOPIC, frame(4, 1), false);
    driver.publish(TOPIC, frame(4, 2), false);
    driver.publish(TOPIC, frame(4, 3), false);
  }

  private static byte[] frame(int type, int content) {
    return new byte[] {(byte) type, 0, 0, (byte) content};
  }

  private void arrive(byte[]... frames) {
    for (byte[] frame : frames) {
      eve.publish(TOPIC, frame, false);
    }
    clock.advance(Duration.ZERO);
  }

  private void assertViolations(int count) {
    assertEquals(count, pile.violations().size(), () -> pile.violations().toString());
  }

  @Test
  void whatWasSaidInItsOrderIsFine() {
    arrive(frame(3, 0), frame(4, 1), frame(4, 2), frame(4, 3));
    assertViolations(0);
    assertEquals(4, pile.accepted());
  }

  @Test
  void aFrameThatWasNeverSaidIsCaught() {
    arrive(frame(4, 9));
    assertViolations(1);
  }

  @Test
  void aFrameTwiceIsCaught() {
    arrive(frame(4, 1), frame(4, 1));
    assertViolations(1);
  }

  @Test
  void anActTwiceIsCaught() {
    arrive(frame(3, 0), frame(3, 0));
    assertViolations(1);
  }

  @Test
  void oneFrameAfterAGapEndsTheLinkAndTheNextIsCaught() {
    arrive(frame(4, 1), frame(4, 3));
    assertViolations(0);
    arrive(frame(4, 2));
    assertViolations(1);
  }

  @Test
  void aRetainedFrameIsCaught() {
    eve.publish(TOPIC, frame(4, 1), true);
    clock.advance(Duration.ZERO);
    assertViolations(1);
  }

  @Test
  void aFrameOnAnotherTopicIsCaught() {
    String other = TOPIC.replace('0', '1');
    var unused = pile.subscribe(other, (Bus.Delivery delivery) -> pile.transition());
    eve.publish(other, frame(4, 1), false);
    clock.advance(Duration.ZERO);
    assertViolations(1);
  }

  @Test
  void aStrangerWhoChangesWhatIsBetweenTheTwoIsCaught() {
    String strangers = TOPIC + "-strangers";
    var unused =
        pile.subscribe(
            strangers,
            (Bus.Delivery delivery) -> {
              pile.transition();
              between = List.copyOf(List.of(delivery.payload()[0]));
            });
    eve.publish(strangers, frame(4, 1), false);
    clock.advance(Duration.ZERO);
    assertViolations(1);
    eve.publish(strangers, frame(4, 1), false);
    clock.advance(Duration.ZERO);
    assertViolations(1);
  }

  @Test
  void whoDoesNothingAcceptsNothing() {
    driver.hears(pile, Set.of(), () -> between);
    assertEquals(0, driver.accepted());
    assertEquals(List.of(), driver.violations());
  }
}
