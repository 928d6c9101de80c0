package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.demo.DemoFailedException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final Path PARENT_POM = Path.of("..", "pom.xml");

  @ParameterizedTest
  @ValueSource(strings = {"demo", "run", "driver", "verify-receipt", "inspect", "check-config"})
  void everyCommandHasHelp(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("Usage: chargepile " + command), run.out());
    assertEquals("", run.err());
  }

  @Test
  void helpNamesEveryCommandAndTheExitCodes() {
    CommandRun run = CommandRun.of("--help");
    assertEquals(0, run.exit());
    for (String word :
        new String[] {
          "demo", "run", "driver", "verify-receipt", "inspect", "check-config", "130"
        }) {
      assertTrue(run.out().contains(word), word);
    }
  }

  @Test
  void helpOfACommandIsAlsoACommand() {
    assertEquals(CommandRun.of("demo", "--help").out(), CommandRun.of("help", "demo").out());
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    CommandRun run = CommandRun.of("--version");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("chargepile " + Main.VERSION + " "), run.out());
    assertTrue(Files.readString(PARENT_POM).contains("<version>" + Main.VERSION + "</version>"));
  }

  @Test
  void withoutACommandTheUsageGoesToStderr() {
    CommandRun run = CommandRun.of();
    assertAll(
        () -> assertEquals(2, run.exit()),
        () -> assertEquals("", run.out()),
        () -> assertTrue(run.err().startsWith("Usage: chargepile"), run.err()));
  }

  @Test
  void anUnknownCommandIsAnsweredWithTheOneThatWasMeant() {
    CommandRun run = CommandRun.of("inspct", "x.db");
    assertEquals(2, run.exit());
    assertTrue(run.err().startsWith("chargepile: there is no command \"inspct\""), run.err());
    assertTrue(run.err().contains("inspect"), run.err());
    assertTrue(run.err().contains("See chargepile --help."), run.err());
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheOneThatWasMeant() {
    CommandRun run = CommandRun.of("demo", "--incremnt=5");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("--incremnt=5"), run.err());
    assertTrue(run.err().contains("--increment"), run.err());
    assertTrue(run.err().contains("See chargepile demo --help."), run.err());
  }

  @Test
  void aFailureIsOneMessage() {
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              throw new DemoFailedException("the broker went away: start it again");
            },
            "demo");
    assertEquals(1, run.exit());
    assertEquals("chargepile: the broker went away: start it again", run.err().strip());
  }

  @Test
  void debugShowsWhereItHappened() {
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              throw new DemoFailedException("no broker");
            },
            "demo",
            "--debug");
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("\tat chargepile.agent.cli.MainTest"), run.err());
  }

  @Test
  void anErrorOfTheProgramSaysThatItIsOne() {
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              throw new IllegalStateException("a bug");
            },
            "demo");
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("error of the program"), run.err());
    assertTrue(run.err().contains("a bug"), run.err());
    assertTrue(run.err().contains("--debug"), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void anInterruptedCommandEndsAsShellsExpect() {
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              throw new InterruptedException();
            },
            "demo");
    assertEquals(130, run.exit());
    assertEquals("chargepile: stopped", run.err().strip());
  }

  @Test
  void whatFailsBecauseOfTheInterruptionIsNoFailure() {
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              Thread.currentThread().interrupt();
              throw new ClosedByInterruptException();
            },
            "demo");
    assertTrue(Thread.interrupted());
    assertEquals(130, run.exit());
    assertEquals("chargepile: stopped", run.err().strip());
  }
}
