package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much may wait of what strangers send. */
final class BacklogTest {
  private final Backlog backlog = new Backlog();

  private int fill(String sender, int frameBytes) {
    int frames = 0;
    while (backlog.enter(sender, frameBytes)) {
      frames++;
    }
    return frames;
  }

  @Test
  void oneSenderHasItsShareAndLeavesTheOthersTheirs() {
    assertEquals(15, fill("alice", FrameCipher.MAX_FRAME_BYTES));
    assertEquals(1024, fill("bob", 0));
  }

  @Test
  void manySendersHaveNoMoreThanAll() {
    int frames = 0;
    for (int i = 0; i < 100; i++) {
      frames += fill("sender " + i, FrameCipher.MAX_FRAME_BYTES);
    }
    assertEquals(
        Backlog.OF_ALL_BYTES / (FrameCipher.MAX_FRAME_BYTES + Backlog.OVERHEAD_BYTES), frames);
  }

  @Test
  void whatIsHandledMakesRoom() {
    int frames = fill("alice", 5000);
    assertFalse(backlog.enter("alice", 5000));
    backlog.leave("alice", 5000);
    assertTrue(backlog.enter("alice", 5000));
    for (int i = 0; i < frames; i++) {
      backlog.leave("alice", 5000);
    }
    assertEquals(frames, fill("alice", 5000));
  }

  @Test
  void aFloodIsDroppedBeforeItWaitsAndTheListenerGoesOn() {
    LinkFixture fixture = new LinkFixture(1);
    Deque<Runnable> mailbox = new ArrayDeque<>();
    PeerListener listener =
        new PeerListener(
            new LinkEnvironment(
                fixture.pileBus,
                mailbox::add,
                fixture.time,
                fixture.random,
                LinkFixture.SIGNER,
                LinkFixture.PILE_KEY,
                LinkSettings.DEFAULTS),
            LinkFixture.TOPICS,
            fixture.pile);
    fixture.time.pass(LinkFixture.MOMENT);
    mailbox.clear();
    String topic = LinkFixture.TOPICS.as("driver.alice").toPile("0".repeat(32));
    for (int i = 0; i < 100; i++) {
      fixture.driverBus.publish(topic, new byte[FrameCipher.MAX_FRAME_BYTES], false);
    }
    fixture.driverBus.publish(topic, new byte[FrameCipher.MAX_FRAME_BYTES + 1], false);
    fixture.time.pass(LinkFixture.MOMENT);
    assertEquals(15, mailbox.size());
    assertEquals(
        Map.of("a frame past what may wait of one sender", 85L, "a frame that is too long", 1L),
        listener.discarded());
    while (!mailbox.isEmpty()) {
      mailbox.remove().run();
    }
    fixture.driverBus.publish(topic, new byte[1], false);
    fixture.time.pass(LinkFixture.MOMENT);
    assertEquals(1, mailbox.size());
  }
}
