package chargepile.agent.cli.agency;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.AgencySettings;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LogLevel;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile agency run}. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Review every order that waits for it, by the published rules, until it is stopped.",
      "Ends with Ctrl-C or SIGTERM and exit code 0; the next start goes on where it was."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration, such as config/agency.toml.")
  private Path file;

  @Option(
      names = "--veto",
      paramLabel = "FEEDER=REASON",
      description = {
        "Say the agency's own no to every order on a feeder, for this run; may be repeated.",
        "grid_emergency, maintenance, metering_in_doubt or legal_order, which is published."
      })
  private Map<String, VetoReason> vetoes = new LinkedHashMap<>();

  @Override
  public Integer call() throws ConfigException, CommandFailedException, IOException {
    AgencySettings settings = ConfigFile.loadAgency(file);
    common.applyTo(settings.logLevel().orElse(LogLevel.INFO));
    PrintWriter out = spec.commandLine().getOut();
    try {
      new AgencyDaemon(settings, feeders(), line -> say(out, line)).run();
    } catch (InterruptedException e) {
      say(out, "stopped; what waits for a review is reviewed after the next start");
    }
    return 0;
  }

  private Map<FeederId, VetoReason> feeders() throws CommandFailedException {
    Map<FeederId, VetoReason> named = new LinkedHashMap<>();
    for (Map.Entry<String, VetoReason> veto : vetoes.entrySet()) {
      try {
        named.put(new FeederId(veto.getKey()), veto.getValue());
      } catch (IllegalArgumentException e) {
        throw new CommandFailedException(
            "--veto %s: %s".formatted(veto.getKey(), e.getMessage()), e);
      }
    }
    return named;
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
