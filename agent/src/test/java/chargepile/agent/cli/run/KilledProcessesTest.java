package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pile and driver are killed with SIGKILL at random moments of many sessions. After each they go on
 * or end the session, and both sides' balances are the last mutually signed state.
 *
 * <p>{@code -Dchargepile.kill.sessions=200 -Dchargepile.kill.seed=7}
 */
class KilledProcessesTest {
  private static final int SESSIONS = Integer.getInteger("chargepile.kill.sessions", 10);
  private static final long SEED =
      Long.getLong("chargepile.kill.seed", new Random().nextInt(1_000_000));

  /** Piles that are killed at the same time, each with its driver. */
  private static final int LANES = SESSIONS < 50 ? 2 : 4;

  /** How far a lane is ahead of the one before, so that few sessions see all moments. */
  private static final int AHEAD = 5;

  @TempDir private Path folder;

  @Test
  @SuppressWarnings("SystemOut") // what a soak run is read for
  void killedAtAnyMomentBothGoOnFromTheLastStateThatBothSigned() throws Exception {
    List<KilledSessions> lanes = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try (Site first = KilledSessions.site(folder);
        ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        int number = lane;
        KilledSessions sessions = lane(first, number);
        lanes.add(sessions);
        ends.add(
            threads.submit(
                () -> {
                  sessions.run(number * AHEAD, share(number));
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        try {
          end.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    }
    KilledSessions all = lanes.removeFirst();
    lanes.forEach(all::add);
    String figures = "seed %d: %s".formatted(SEED, all.figures());
    System.out.println(figures);
    if (!failures.isEmpty()) {
      AssertionError failure =
          new AssertionError(
              "with -Dchargepile.kill.seed=%d -Dchargepile.kill.sessions=%d: %s, and %s"
                  .formatted(SEED, SESSIONS, failures, figures));
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
    assertTrue(all.kills() >= SESSIONS, figures);
  }

  private static int share(int lane) {
    return SESSIONS / LANES + (lane < SESSIONS % LANES ? 1 : 0);
  }

  private KilledSessions lane(Site first, int lane) throws Exception {
    Path own = Files.createDirectories(folder.resolve("lane-" + lane));
    Site site = lane == 0 ? first : KilledSessions.beside(first, own, lane + 1);
    return new KilledSessions(site, new Random(SEED * LANES + lane));
  }
}
