package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon says where systemd's journal reads its stderr. */
class JournalLinesTest {
  /** As systemd sets it: the variable names the stream that stderr is. */
  private static final List<String> JOURNAL =
      List.of(
          "sh",
          "-c",
          "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); export JOURNAL_STREAM; exec \"$@\"",
          "sh");

  @TempDir private Path folder;

  @Test
  void everyLineOfTheLogBearsItsPriority() throws Exception {
    Path file =
        configuration(
            """
            [pile]
            id = "p"
            data_dir = "pile"
            [gpio]
            backend = "simulated"
            [tariff]
            price_msat_per_kwh = 300000
            [mqtt]
            broker_url = "tcp://127.0.0.1:1"
            [chain]
            rpc_url = "http://127.0.0.1:1"
            cookie_file = "cookie"
            """);
    try (Program pile = run(file)) {
      pile.await(line -> line.startsWith("<6>SeedFile: made a seed in "));
      pile.await(line -> line.startsWith("<4>FirstContact: no chain, so nothing is sold yet"));
      pile.terminate();
      assertEquals(143, pile.exit());
      assertTrue(pile.said().lines().allMatch(line -> line.matches("<[3-7]>.+")), pile.said());
    }
  }

  @Test
  void aFailureIsAnError() throws Exception {
    try (Program pile = run(configuration("[pile]\nid = 5\n"))) {
      assertEquals(1, pile.exit());
      assertTrue(pile.said().startsWith("<3>chargepile: "), pile.said());
      assertTrue(pile.said().lines().allMatch(line -> line.startsWith("<3>")), pile.said());
    }
  }

  private Program run(Path file) throws IOException {
    return new Program(() -> {}, JOURNAL, "run", "--config", file.toString());
  }

  private Path configuration(String text) throws IOException {
    return Files.writeString(folder.resolve("pile.toml"), text);
  }
}
