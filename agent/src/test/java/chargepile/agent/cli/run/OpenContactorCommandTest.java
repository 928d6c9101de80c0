package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service does when the daemon has ended, on lines as a killed daemon leaves them. */
class OpenContactorCommandTest {
  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void leaveTheContactorClosed() throws IOException {
    bench = new Bench(folder.resolve("chip"));
    bench.leaveClosed();
  }

  @Test
  void theContactorOpens() throws Exception {
    Ended ended = open("");
    assertEquals(new Ended(0, ""), ended);
    assertFalse(bench.isClosed());
  }

  @Test
  void onceMoreDoesNoHarm() throws Exception {
    open("");
    assertEquals(new Ended(0, ""), open(""));
    assertFalse(bench.isClosed());
  }

  @Test
  void itOpensAlsoWhenAnotherLineCannotBeHad() throws Exception {
    bench.take(23, "another");
    Ended ended = open("");
    assertEquals(1, ended.exit);
    assertTrue(ended.said.contains("GPIO 23 (plug)"), ended.said);
    assertTrue(ended.said.contains("in use by \"another\""), ended.said);
    assertFalse(bench.isClosed());
  }

  @Test
  void aContactorThatAnotherProgramHoldsIsToldOf() throws Exception {
    bench.take(Bench.CONTACTOR, "another");
    Ended ended = open("");
    assertEquals(1, ended.exit);
    assertTrue(ended.said.contains("GPIO 22 (contactor)"), ended.said);
    assertTrue(ended.said.contains("in use by \"another\"; stop that program"), ended.said);
  }

  @Test
  void aSimulatedContactorHasGoneWithItsProcess() throws Exception {
    CommandRun run =
        CommandRun.of("open-contactor", "--config", configuration("backend = \"simulated\""));
    assertEquals(new CommandRun(0, "", ""), run);
  }

  @Test
  void withoutAConfigurationNobodyKnowsTheLine() {
    CommandRun run = CommandRun.of("open-contactor", "--config", folder.resolve("none.toml"));
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("there is no such file"), run.err());
  }

  private record Ended(int exit, String said) {}

  private Ended open(String gpio) throws Exception {
    try (Program program =
        bench.program(
            () -> {}, List.of(), "open-contactor", "--config", configuration(gpio).toString())) {
      int exit = program.exit();
      return new Ended(exit, program.said());
    }
  }

  private Path configuration(String gpio) throws IOException {
    return Files.writeString(
        folder.resolve("pile.toml"),
        """
        [pile]
        id = "p"
        data_dir = "pile"
        [tariff]
        price_msat_per_kwh = 300000
        [gpio]
        %s
        """
            .formatted(gpio));
  }
}
