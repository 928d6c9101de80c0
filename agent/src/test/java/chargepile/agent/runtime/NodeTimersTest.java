package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.session.TimerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class NodeTimersTest {
  private static final TimerId PEER = TimerId.of(TimerId.Kind.PEER);
  private static final TimerId TICK = TimerId.of(TimerId.Kind.TICK);

  /** What is due, as a clock's thread would have enqueued it. */
  private final Queue<Runnable> mailbox = new ArrayDeque<>();

  private final List<Runnable> scheduled = new ArrayList<>();
  private final List<TimerId> fired = new ArrayList<>();
  private final NodeTimers timers =
      new NodeTimers(
          new Time() {
            @Override
            public Instant wall() {
              return Instant.EPOCH;
            }

            @Override
            public long nanos() {
              return 0;
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
              scheduled.add(task);
              return () -> scheduled.remove(task);
            }
          },
          mailbox::add,
          fired::add);

  private void timeIsUp() {
    List.copyOf(scheduled).forEach(Runnable::run);
  }

  private void workOff() {
    for (Runnable task = mailbox.poll(); task != null; task = mailbox.poll()) {
      task.run();
    }
  }

  @Test
  void aTimerFiresOnce() {
    timers.set(PEER, Duration.ofSeconds(1));
    timers.set(TICK, Duration.ofSeconds(1));
    timeIsUp();
    timeIsUp();
    workOff();
    assertEquals(List.of(PEER, TICK), fired);
  }

  @Test
  void oneThatIsCancelledBeforeTheMailboxComesToItDoesNotFire() {
    timers.set(PEER, Duration.ofSeconds(1));
    timeIsUp();
    timers.cancel(PEER);
    workOff();
    assertEquals(List.of(), fired);
  }

  @Test
  void oneThatIsSetAnewBeforeTheMailboxComesToItFiresAtItsNewTimeOnly() {
    timers.set(PEER, Duration.ofSeconds(1));
    timeIsUp();
    timers.set(PEER, Duration.ofSeconds(60));
    workOff();
    assertEquals(List.of(), fired);
    timeIsUp();
    workOff();
    assertEquals(List.of(PEER), fired);
  }

  @Test
  void noneFiresAfterTheEnd() {
    timers.set(PEER, Duration.ofSeconds(1));
    timeIsUp();
    timers.close();
    workOff();
    assertEquals(List.of(), fired);
    assertEquals(List.of(), scheduled);
  }
}
