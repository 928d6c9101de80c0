package chargepile.agent.cli;

import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.LogLevel;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile check-config}. */
@Command(
    name = "check-config",
    sortOptions = false,
    description = {
      "Check a configuration file: tells every problem, with line and column.",
      "When there is none, tells what the settings mean: who can lose what, and which outage is"
          + " survived."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class CheckConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "FILE", description = "Such as config/chargepile.toml.")
  private Path file;

  @Option(
      names = "--json",
      description = "Print one JSON object; problems are in it as well as on stderr.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    try {
      Config config = read();
      if (json) {
        out.println(ConfigReport.json(file, config));
      } else {
        ConfigReport.print(out, file, config);
      }
      out.flush();
      return 0;
    } catch (ConfigException e) {
      PrintWriter err = spec.commandLine().getErr();
      e.problems().forEach(err::println);
      err.flush();
      if (json) {
        out.println(ConfigReport.json(file, e.problems()));
        out.flush();
      }
      return 1;
    }
  }

  private Config read() throws ConfigException, CommandFailedException {
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + " is a folder: give the configuration file in it");
    }
    return ConfigFile.load(file);
  }
}
