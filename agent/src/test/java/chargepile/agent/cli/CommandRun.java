package chargepile.agent.cli;

import chargepile.agent.cli.demo.DemoFailedException;
import chargepile.agent.cli.demo.DemoRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that was run, and what it said.
 *
 * @param out what it printed on stdout
 * @param err what it printed on stderr
 */
public record CommandRun(int exit, String out, String err) {
  private static final DemoRunner NO_DEMO =
      (options, progress) -> {
        throw new DemoFailedException("no demo in this test");
      };

  /** Runs {@code chargepile} with these arguments. */
  public static CommandRun of(Object... arguments) {
    return with(NO_DEMO, arguments);
  }

  /** Runs {@code chargepile} with a demo of the test's own. */
  public static CommandRun with(DemoRunner demo, Object... arguments) {
    String[] args = Arrays.stream(arguments).map(CommandRun::text).toArray(String[]::new);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine(demo, args)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int exit = line.execute(args);
    return new CommandRun(exit, out.toString(), err.toString());
  }

  /** The lines on stdout. */
  public List<String> lines() {
    return out.lines().toList();
  }

  private static String text(Object argument) {
    return argument instanceof Path path ? path.toString() : String.valueOf(argument);
  }
}
