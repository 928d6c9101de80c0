package chargepile.agent.cli.agency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code chargepile agency} without a chain. */
class AgencyCommandsTest {
  /** Of the key 1. */
  private static final String ACCOUNT_OF_1 = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"run", "account"})
  void everyCommandHasHelp(String command) {
    CommandRun run = CommandRun.of("agency", command, "--help");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("Usage: chargepile agency " + command), run.out());
  }

  @Test
  void withoutAVerbItSaysWhichThereAre() {
    CommandRun run = CommandRun.of("agency");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("account") && run.err().contains("run"), run.err());
  }

  @Test
  void aConfigurationIsNeededAndMustBeThere() {
    assertEquals(2, CommandRun.of("agency", "run").exit());
    CommandRun missing = CommandRun.of("agency", "run", "--config", folder.resolve("none.toml"));
    assertEquals(1, missing.exit());
    assertTrue(missing.err().contains("none.toml"), missing.err());
    assertTrue(missing.err().contains("there is no such file"), missing.err());
  }

  @Test
  void aKeysAccountIsSaid() throws Exception {
    Path file = Files.writeString(folder.resolve("k"), "0x" + "0".repeat(63) + "1\n");
    CommandRun run = CommandRun.of("agency", "account", file);
    assertEquals(ACCOUNT_OF_1 + System.lineSeparator(), run.out());
    Files.writeString(file, "secret words");
    CommandRun bad = CommandRun.of("agency", "account", file);
    assertEquals(1, bad.exit());
    assertTrue(bad.err().contains("holds no account's key"), bad.err());
    assertFalse(bad.err().contains("secret words"), bad.err());
  }

  @Test
  void aNewKeyIsTheOwnersAloneAndNoneIsOverwritten() throws Exception {
    Path file = folder.resolve("new.key");
    CommandRun made = CommandRun.of("agency", "account", file, "--new");
    assertEquals(0, made.exit(), made.err());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String key = Files.readString(file);
    assertEquals(made.out(), CommandRun.of("agency", "account", file).out());
    CommandRun again = CommandRun.of("agency", "account", file, "--new");
    assertEquals(1, again.exit());
    assertTrue(again.err().contains("is there already"), again.err());
    assertEquals(key, Files.readString(file));
  }

  @Test
  void aReasonForAVetoMustBeOne() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("a.toml"),
            """
            [agency]
            key_file = "k"
            [evm]
            rpc_url = "http://127.0.0.1:1"
            chain_id = 31337
            [market]
            order_book = "0x0000000000000000000000000000000000000003"
            review_board = "0x0000000000000000000000000000000000000004"
            """);
    CommandRun reason = CommandRun.of("agency", "run", "--config", file, "--veto", "f=whim");
    assertEquals(2, reason.exit());
    CommandRun feeder = CommandRun.of("agency", "run", "--config", file, "--veto", " =maintenance");
    assertEquals(1, feeder.exit());
    assertTrue(feeder.err().contains("--veto"), feeder.err());
    CommandRun key = CommandRun.of("agency", "run", "--config", file, "--veto", "f=maintenance");
    assertEquals(1, key.exit());
    assertTrue(key.err().contains(folder.resolve("k").toString()), key.err());
  }
}
