package chargepile.agent.cli.doctor;

import chargepile.agent.chain.ChainException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.store.StoreException;
import chargepile.hal.HardwareException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes all checks at the same time; one that hangs is left behind and said to hang. */
final class Examination {
  /** Told how it goes on, on the examining thread. */
  interface Observer {
    /** These are not done yet. */
    void waitingFor(List<String> checks);

    /** This one is done; in the order of the checks. */
    void done(Outcome outcome);
  }

  private static final long GLANCE_MILLIS = 200;

  private Examination() {}

  private record Running(
      Check check, Thread thread, CompletableFuture<List<Finding>> findings, long endNanos) {
    static Running start(Check check) {
      CompletableFuture<List<Finding>> findings = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .name("check-" + check.name())
              .start(() -> findings.complete(findingsOf(check)));
      return new Running(check, thread, findings, System.nanoTime() + check.limit().toNanos());
    }
  }

  /** The outcomes, in the order of the checks. */
  static List<Outcome> of(List<Check> checks, Observer observer) throws InterruptedException {
    List<Running> running = checks.stream().map(Running::start).toList();
    List<Outcome> outcomes = new ArrayList<>();
    try {
      for (Running each : running) {
        Outcome outcome = new Outcome(each.check().name(), await(each, running, observer));
        outcomes.add(outcome);
        observer.done(outcome);
      }
    } finally {
      running.forEach(each -> each.thread().interrupt());
    }
    return outcomes;
  }

  private static List<Finding> await(Running wanted, List<Running> all, Observer observer)
      throws InterruptedException {
    while (true) {
      long left = TimeUnit.NANOSECONDS.toMillis(wanted.endNanos() - System.nanoTime());
      try {
        return wanted.findings().get(Math.clamp(left, 1, GLANCE_MILLIS), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (left <= 0) {
          wanted.thread().interrupt();
          return List.of(hangs(wanted.check().limit()));
        }
        observer.waitingFor(
            all.stream()
                .filter(each -> !each.findings().isDone())
                .map(each -> each.check().name())
                .toList());
      } catch (ExecutionException e) {
        throw new IllegalStateException("nothing completes it so", e);
      }
    }
  }

  private static Finding hangs(Duration limit) {
    return Finding.fail(
        "this check did not end within %d s: what it asks hangs".formatted(limit.toSeconds()),
        "look whether the disk, the network or the program that it asks answers at all");
  }

  private static List<Finding> findingsOf(Check check) {
    try {
      return check.look();
    } catch (CommandFailedException | ChainException | StoreException | HardwareException e) {
      return List.of(Finding.fail(String.valueOf(e.getMessage()), ""));
    } catch (AccessDeniedException e) {
      return List.of(
          Finding.fail(
              "%s may not be read or written by this user".formatted(e.getFile()),
              "run this as the daemon's user: sudo -u chargepile chargepile doctor …"));
    } catch (IOException e) {
      return List.of(Finding.fail("input or output failed: " + e, ""));
    } catch (InterruptedException e) {
      return List.of(Finding.skipped("stopped"));
    } catch (Exception | Error e) {
      return List.of(Finding.fail("this check failed, which is an error of the program: " + e, ""));
    }
  }
}
