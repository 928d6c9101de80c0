package chargepile.agent.cli.demo;

import chargepile.agent.session.pile.PileSession;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits, in real time, for what the nodes are about to do. */
final class DemoPatience {
  /** Something that ends the waiting when it fails. */
  interface Watched {
    /** What made it fail; null while all is well. */
    @Nullable Throwable failure();
  }

  /** Real time that any part of the demo may take which does not wait for the car. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A session at its own pace may last as long. */
  private static final Duration SESSION = Duration.ofDays(31);

  private static final Duration LOOK = Duration.ofMillis(2);

  private final DemoNodes nodes;
  private final Watched time;

  DemoPatience(DemoNodes nodes, Watched time) {
    this.nodes = nodes;
    this.time = time;
  }

  void awaitSession(String what, Predicate<PileSession> holds)
      throws DemoFailedException, InterruptedException {
    await(what, () -> nodes.session().filter(holds).isPresent(), SESSION);
  }

  void await(String what, BooleanSupplier holds) throws DemoFailedException, InterruptedException {
    await(what, holds, PATIENCE);
  }

  void awaitQuiet() throws DemoFailedException, InterruptedException {
    await("both nodes to be done", nodes::isIdle);
  }

  private void await(String what, BooleanSupplier holds, Duration patience)
      throws DemoFailedException, InterruptedException {
    long start = System.nanoTime();
    while (!holds.getAsBoolean()) {
      requireWorking();
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new DemoFailedException(
            "waited %d s for %s; the channel is %s"
                .formatted(patience.toSeconds(), what, nodes.leg().title()));
      }
      Thread.sleep(LOOK);
    }
    requireWorking();
  }

  private void requireWorking() throws DemoFailedException {
    nodes.requireWorking();
    Throwable failure = time.failure();
    if (failure != null) {
      throw new DemoFailedException("virtual time stands still: " + failure.getMessage(), failure);
    }
  }
}
