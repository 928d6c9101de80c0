package chargepile.agent.cli.certs;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile certs}. */
@Command(
    name = "certs",
    description = {
      "Certificates for TLS between piles, drivers, other clients and their broker:",
      "an authority of your own, and what it signs."
    },
    subcommands = {InitCommand.class, AddCommand.class})
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class CertsCommands implements Callable<Integer> {
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
