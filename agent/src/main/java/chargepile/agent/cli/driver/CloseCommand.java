package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg.Life;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chargepile driver close}. */
@Command(
    name = "close",
    sortOptions = false,
    description = {
      "Close the channel with the pile, and wait until the chain has settled it.",
      "Stopped or timed out, it goes on when started again."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class CloseCommand implements Callable<Integer> {
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration LINK_PATIENCE = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;
  @Mixin private LinkOptions link;
  @Mixin private CommonOptions common;

  @Option(
      names = "--force",
      description =
          "Do it alone, without the pile: this side's money waits for the pile's to_self_delay, or"
              + " for the challenge period.")
  private boolean force;

  @Option(
      names = "--timeout",
      paramLabel = "MIN",
      defaultValue = "180",
      description =
          "How long to wait until it is settled, in minutes (default ${DEFAULT-VALUE}): six blocks"
              + " take about an hour; a close that only one side signed waits for the challenge"
              + " period.")
  private int timeout;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    if (timeout < 1 || timeout > 100_000) {
      throw new ParameterException(
          spec.commandLine(), "--timeout must be from 1 to 100000, not " + timeout);
    }
    try (DriverSide driver =
        new DriverSide(
            link, _ -> new DriverSide.Plan(PolicyOptions.nothingNew(), Optional.empty()))) {
      close(driver, System.nanoTime());
    }
    return 0;
  }

  private void close(DriverSide driver, long since)
      throws CommandFailedException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    driver.found().forEach(line -> say(out, line));
    if (driver.leg().life() == Life.ABSENT) {
      throw new CommandFailedException("there is no channel to close");
    }
    if (driver.isRecovering() && (driver.isRecoveringPenalty() || !force)) {
      say(out, "the channel's data was lost: the pile is asked to close it, as soon as it answers");
    } else if (driver.leg().isUnfinished() && force) {
      driver.node().command(new DriverCommand.ForceCloseChannel("the driver closes alone"));
    } else if (driver.leg().isUnfinished() && driver.leg().life() != Life.SETTLING) {
      awaitLink(driver, since);
      if (driver.leg().isUnfinished() && driver.leg().life() != Life.SETTLING) {
        driver.node().command(new DriverCommand.CloseChannel());
      }
    }
    while (!driver.leg().isClosed()) {
      driver.next(GLANCE).flatMap(driver.lines()::line).ifPresent(line -> say(out, line));
      if (System.nanoTime() - since > Duration.ofMinutes(timeout).toNanos()) {
        throw new CommandFailedException(
            "the channel is not settled after %d min; start this again to go on waiting"
                .formatted(timeout));
      }
    }
    LegOutcome outcome = driver.leg().outcome().orElseThrow();
    say(out, "settled: " + DriverLines.words(outcome));
  }

  private static void awaitLink(DriverSide driver, long since)
      throws CommandFailedException, InterruptedException {
    while (!driver.state().connected()) {
      if (System.nanoTime() - since > LINK_PATIENCE.toNanos()) {
        throw new CommandFailedException(
            "the pile does not answer within %d s: try again later, or --force"
                .formatted(LINK_PATIENCE.toSeconds()));
      }
      var unused = driver.next(GLANCE);
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
