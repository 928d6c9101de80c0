package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.hal.gpio.ChipInFolder;
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
    bench.take(Bench.PLUG, "another");
    assertEquals(new Ended(0, ""), open(""));
    assertFalse(bench.isClosed());
  }

  @Test
  void itOpensWhateverElseIsWrongInTheConfiguration() throws Exception {
    assertEquals(new Ended(0, ""), open("[tariff]\nprice_msat_per_kwh = -1\n[pile]\nid = 7"));
    assertFalse(bench.isClosed());
  }

  @Test
  void itOpensAlsoWhenTheRestIsNoToml() throws Exception {
    assertEquals(new Ended(0, ""), open("[gpio]\ncontactor_pin = 22\n[tariff]\nprice = cheap"));
    assertFalse(bench.isClosed());
  }

  @Test
  void aWrongLineIsToldOfAndNoneIsTouched() throws Exception {
    Ended ended = open("[tariff]\nprice = cheap\n[gpio]\ncontactor_pin = 1000");
    assertEquals(1, ended.exit);
    assertTrue(ended.said.contains("pile.toml:4:1: gpio.contactor_pin"), ended.said);
    assertTrue(bench.isClosed());
  }

  /** What systemd gives the daemon and ExecStopPost; the daemon's part is SystemdServiceTest's. */
  @Test
  void theLineThatTheDaemonNotedIsOpenedWhateverIsConfiguredSince() throws Exception {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("contactor.toml"), "[gpio]\ncontactor_pin = 22\n");
    Path edited = Files.writeString(folder.resolve("pile.toml"), "[gpio]\ncontactor_pin = 5\n");
    assertEquals(new Ended(0, ""), open(List.of("env", "RUNTIME_DIRECTORY=" + run), edited));
    assertFalse(bench.isClosed());
    assertEquals("", ChipInFolder.levels(folder.resolve("chip"), 5));
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
        CommandRun.of(
            "open-contactor", "--config", configuration("[gpio]\nbackend = \"simulated\""));
    assertEquals(new CommandRun(0, "", ""), run);
  }

  @Test
  void withoutAConfigurationNobodyKnowsTheLine() {
    CommandRun run = CommandRun.of("open-contactor", "--config", folder.resolve("none.toml"));
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("there is no such file"), run.err());
  }

  private record Ended(int exit, String said) {}

  private Ended open(String sections) throws Exception {
    return open(List.of(), configuration(sections));
  }

  private Ended open(List<String> under, Path configuration) throws Exception {
    try (Program program =
        bench.program(() -> {}, under, "open-contactor", "--config", configuration.toString())) {
      int exit = program.exit();
      return new Ended(exit, program.said());
    }
  }

  private Path configuration(String sections) throws IOException {
    return Files.writeString(folder.resolve("pile.toml"), sections + "\n");
  }
}
