package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.LogLevel;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chargepile driver charge}. */
@Command(
    name = "charge",
    sortOptions = false,
    description = {
      "Charge at a pile: opens a channel if there is none, pays every increment within the limits,",
      "and ends with the session. Ctrl-C stops the session and waits until it is settled.",
      "Started again after a crash it goes on with the session."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ChargeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LinkOptions link;
  @Mixin private PolicyOptions limits;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() throws CommandFailedException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    limits.check(link.isEvm());
    try (DriverSide driver = new DriverSide(link, limits::policy)) {
      new Charge(driver, spec.commandLine().getOut()).run();
    }
    return 0;
  }
}
