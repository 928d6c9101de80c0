package chargepile.agent.cli.doctor;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LogLevel;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chargepile doctor}. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Check everything that a pile needs, and say what to do about what is wrong.",
      "Changes nothing, and works beside the running daemon. Exits with 0 when no check failed."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DoctorCommand implements Callable<Integer> {
  private static final int LONGEST = 3600;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The pile's configuration.")
  private Path file;

  @Option(
      names = "--listen",
      paramLabel = "S",
      defaultValue = "5",
      description =
          "Seconds to listen to the meter, with the contactor open (default ${DEFAULT-VALUE}); 0"
              + " leaves its lines alone.")
  private int listen;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    // What is wrong is told as a finding; the log would tell it twice.
    common.applyTo(LogLevel.ERROR);
    if (listen < 0 || listen > LONGEST) {
      throw new ParameterException(
          spec.commandLine(), "--listen must be from 0 to %d, not %d".formatted(LONGEST, listen));
    }
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + " is a folder: give the configuration file in it");
    }
    PrintWriter out = spec.commandLine().getOut();
    Progress progress =
        new Progress(out, spec.commandLine().getErr(), !json, Progress.isTerminal());
    List<Outcome> outcomes = examine(progress);
    if (json) {
      out.println(Report.json(file, outcomes));
    } else {
      out.printf("%n%s%n", Report.sum(outcomes));
    }
    out.flush();
    return Report.isWell(outcomes) ? 0 : 1;
  }

  private List<Outcome> examine(Progress progress) throws InterruptedException {
    Machine machine = Machine.own();
    List<Outcome> outcomes = new ArrayList<>();
    Optional<Config> config = configuration(progress, outcomes);
    List<Check> checks = new ArrayList<>();
    checks.add(new VersionCheck(String.join(" ", spec.root().version())));
    checks.add(new ServiceCheck(machine));
    config.ifPresent(
        read ->
            checks.addAll(Checks.of(Subject.of(file, read, machine), Duration.ofSeconds(listen))));
    outcomes.addAll(Examination.of(checks, progress));
    if (config.isEmpty()) {
      Outcome rest =
          new Outcome("all else", List.of(Finding.skipped("nothing can be told without it")));
      progress.done(rest);
      outcomes.add(rest);
    }
    return outcomes;
  }

  private Optional<Config> configuration(Progress progress, List<Outcome> outcomes) {
    Optional<Config> config = Optional.empty();
    List<Finding> findings;
    try {
      config = Optional.of(ConfigFile.load(file));
      findings = List.of(Finding.ok("%s is fine: %s".formatted(file, config.get().pile().id())));
    } catch (ConfigException e) {
      findings =
          e.problems().stream()
              .map(problem -> Finding.fail(problem.toString(), "correct it in " + file))
              .toList();
    }
    Outcome outcome = new Outcome("configuration", findings);
    progress.done(outcome);
    outcomes.add(outcome);
    return config;
  }
}
