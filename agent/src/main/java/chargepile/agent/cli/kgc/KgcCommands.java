package chargepile.agent.cli.kgc;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile kgc}. */
@Command(
    name = "kgc",
    description = {
      "A key generation centre: registers piles and drivers, and gives them identity keys and"
          + " certificates.",
      "It works on the files of a folder and needs no network; serve takes requests over MQTT."
    },
    subcommands = {
      InitCommand.class,
      IssueCommand.class,
      RevokeCommand.class,
      ListCommand.class,
      ExportCommand.class,
      ServeCommand.class,
      PendingCommand.class,
      ApproveCommand.class,
      DenyCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class KgcCommands implements Callable<Integer> {
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
