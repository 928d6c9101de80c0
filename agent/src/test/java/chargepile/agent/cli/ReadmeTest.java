package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.demo.DemoFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README says of the program holds. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path README = ROOT.resolve("README.md");
  private static final Pattern FENCED = Pattern.compile("(?s)```\\w*\\n(.*?)\\n```");
  private static final Pattern COMMAND = Pattern.compile("(?:.*/)?chargepile (.+)");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Test)`");

  static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher fenced = FENCED.matcher(Files.readString(README));
    while (fenced.find()) {
      for (String line : fenced.group(1).lines().toList()) {
        for (String part : line.replaceFirst("\\s+#.*", "").split("&&", -1)) {
          Matcher command = COMMAND.matcher(part.strip());
          if (command.matches()) {
            commands.add(command.group(1));
          }
        }
      }
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsUnderstood(String command) {
    String[] args = command.split("\\s+", -1);
    CommandLine line =
        Main.commandLine(
            (options, progress) -> {
              throw new DemoFailedException("only parsed");
            },
            args);
    CommandLine.ParseResult parsed = line.parseArgs(args);
    assertTrue(parsed.hasSubcommand(), Arrays.toString(args));
  }

  @Test
  void everyCommandOfTheProgramIsShown() throws IOException {
    List<String> shown = commands();
    assertFalse(shown.isEmpty());
    for (String command :
        List.of(
            "demo",
            "run",
            "driver charge",
            "driver status",
            "driver receipts",
            "driver close",
            "inspect",
            "check-config",
            "doctor")) {
      assertTrue(shown.stream().anyMatch(c -> c.startsWith(command)), command);
    }
  }

  @Test
  void everyOptionOfDemoAndDriverIsListed() throws IOException {
    String readme = Files.readString(README);
    List<String> unlisted =
        Stream.concat(
                Stream.of(command("demo")), command("driver").getSubcommands().values().stream())
            .flatMap(command -> command.getCommandSpec().options().stream())
            .map(option -> option.longestName())
            .filter(name -> !readme.contains("`" + name))
            .toList();
    assertEquals(List.of(), unlisted);
  }

  @Test
  void everyTestItNamesExists() throws IOException {
    List<String> unknown =
        TEST.matcher(Files.readString(README))
            .results()
            .map(found -> found.group(1))
            .distinct()
            .filter(name -> !exists(name + ".java"))
            .toList();
    assertEquals(List.of(), unknown);
  }

  private static CommandLine command(String name) {
    CommandLine line =
        Main.commandLine(
            (options, progress) -> {
              throw new DemoFailedException("only parsed");
            });
    return Objects.requireNonNull(line.getSubcommands().get(name));
  }

  private static boolean exists(String file) {
    return Stream.of("hal", "agent")
        .map(module -> ROOT.resolve(module).resolve("src/test/java"))
        .anyMatch(tests -> holds(tests, file));
  }

  private static boolean holds(Path tests, String file) {
    try (Stream<Path> files = Files.walk(tests)) {
      return files.anyMatch(path -> path.getFileName().toString().equals(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
