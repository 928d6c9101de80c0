package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.units.Denomination;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first start has nothing to tell; what others find is told in {@link KilledProcessesTest}. */
class LastRunTest {
  private static final Path STORE = Path.of("pile.db");

  @TempDir private Path folder;
  private Pile fresh;

  @BeforeEach
  void makeAPile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("pile.toml"),
            """
            [pile]
            id = "pile-1"
            [gpio]
            backend = "simulated"
            [tariff]
            price_msat_per_kwh = 300000
            """);
    Config config = ConfigFile.load(file);
    fresh = Pile.fresh(new PileTerms(config).pile());
  }

  @Test
  void aPileThatNeverRanFindsNothing() {
    assertEquals(List.of(), LastRun.lines(STORE, false, Denomination.SATOSHI, fresh));
  }

  @Test
  void aRunThatWasCutOffIsToldWithItsStore() {
    List<String> lines = LastRun.lines(STORE, true, Denomination.SATOSHI, fresh);
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().startsWith("pile.db: the last run was cut off"), lines.getFirst());
  }
}
