package chargepile.agent.cli.driver;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile driver}. */
@Command(
    name = "driver",
    description = "A driver's wallet at one pile: charge, look, see receipts, close the channel.",
    subcommands = {
      ChargeCommand.class,
      StatusCommand.class,
      ReceiptsCommand.class,
      CloseCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DriverCommands implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** Without a verb: says which there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}
