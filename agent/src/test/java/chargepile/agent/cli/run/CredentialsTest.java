package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that the service manager hands over (systemd.exec(5), CREDENTIALS_DIRECTORY). */
class CredentialsTest {
  private static final int SEALED_BYTES_AT_LEAST = 33;

  @TempDir private Path folder;

  @Test
  void aSecretIsFoundByItsNameInTheServicesFolder() throws Exception {
    Path handed = Files.createDirectories(folder.resolve("handed"));
    Files.writeString(handed.resolve("chargepile.passphrase"), "correct horse\n");
    try (Program pile = run("CREDENTIALS_DIRECTORY=" + handed)) {
      pile.await(line -> line.contains("made a seed in"));
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    }
    assertTrue(
        Files.size(folder.resolve("pile/seed")) >= SEALED_BYTES_AT_LEAST, "sealed, so it was read");

    Files.writeString(handed.resolve("chargepile.passphrase"), "another\n");
    try (Program pile = run("CREDENTIALS_DIRECTORY=" + handed)) {
      assertEquals(1, pile.exit());
      assertTrue(pile.said().contains("passphrase"), pile.said());
    }
  }

  @Test
  void oneThatWasNotHandedOverIsToldOfWithItsPath() throws Exception {
    Path handed = Files.createDirectories(folder.resolve("handed"));
    try (Program pile = run("CREDENTIALS_DIRECTORY=" + handed)) {
      assertEquals(1, pile.exit());
      assertTrue(
          pile.said()
              .contains("the password file " + handed.resolve("chargepile.passphrase") + " can't"),
          pile.said());
    }
    assertFalse(Files.exists(folder.resolve("pile/seed")), "nothing was made without it");
  }

  /** For a person who looks at the configuration beside the running service. */
  @Test
  void outsideTheServiceTheyLieWhereItsOwnDo() throws Exception {
    Config config = ConfigFile.parse("c.toml", text());
    assertEquals(
        Optional.of(Path.of("/run/credentials/chargepile.service/chargepile.passphrase")),
        config.pile().passphraseFile());
  }

  private Program run(String variable) throws IOException {
    Path file = Files.writeString(folder.resolve("pile.toml"), text());
    return new Program(() -> {}, List.of("env", variable), "run", "--config", file.toString());
  }

  private static String text() {
    return """
    [pile]
    id = "p"
    data_dir = "pile"
    passphrase_file = "credential:chargepile.passphrase"
    [gpio]
    backend = "simulated"
    [tariff]
    price_msat_per_kwh = 300000
    [mqtt]
    broker_url = "tcp://127.0.0.1:1"
    [chain]
    rpc_url = "http://127.0.0.1:1"
    cookie_file = "cookie"
    """;
  }
}
