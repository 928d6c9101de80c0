package chargepile.agent.cli;

import chargepile.agent.config.LogLevel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** What every command understands. */
public final class CommonOptions {
  private static final String TINYLOG_LEVEL = "tinylog.level";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = "--log",
      paramLabel = "LEVEL",
      description = "What the log on stderr says: trace, debug, info, warn or error.")
  private @Nullable LogLevel log;

  @Option(
      names = "--debug",
      description = "As --log debug; failures show where in the program they happened.")
  private boolean debug;

  /**
   * Sets the log's level; without an option to {@code usual}, unless the virtual machine was
   * started with {@code -Dtinylog.level}. To be called before anything logs.
   */
  public void applyTo(LogLevel usual) {
    if (log != null) {
      set(log);
    } else if (debug) {
      set(LogLevel.DEBUG);
    } else if (System.getProperty(TINYLOG_LEVEL) == null) {
      set(usual);
    }
  }

  static boolean debug(ParseResult arguments) {
    return arguments.matchedOptionValue("--debug", false);
  }

  private static void set(LogLevel level) {
    System.setProperty(TINYLOG_LEVEL, level.name().toLowerCase(Locale.ROOT));
  }
}
