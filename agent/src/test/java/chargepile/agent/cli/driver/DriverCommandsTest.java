package chargepile.agent.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.node.PileAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverCommandsTest {
  private static final String NODE =
      "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  private static final String ADDRESS = "chargepile:" + NODE + "@127.0.0.1:1/p";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"charge", "status", "close"})
  void everyVerbHasHelp(String verb) {
    CommandRun run = CommandRun.of("driver", verb, "--help");
    assertEquals(0, run.exit());
    assertTrue(run.out().startsWith("Usage: chargepile driver " + verb), run.out());
  }

  @Test
  void withoutAVerbTheUsageGoesToStderr() {
    CommandRun run = CommandRun.of("driver");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("charge"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "--capacity=5, --capacity must be from 20000",
    "--max-price=-1, --max-price must be from 0",
    "--max-energy=0, --max-energy must be from 1",
    "--max-amount=0, --max-amount must be from 1",
    "--max-power=0, --max-power must be from 1",
    "--max-minutes=0, --max-minutes must be from 1",
    "--max-power=many, --max-power",
    "--chain-grace=1441, --chain-grace must be from 0",
    "--network=lightning, --network",
  })
  void aLimitOutOfRangeIsWrongUsage(String option, String told) {
    CommandRun run = run("charge", ADDRESS, "--rpc-cookie=none", option);
    assertEquals(2, run.exit(), run.err());
    assertTrue(run.err().contains(told), run.err());
    assertTrue(Files.notExists(folder.resolve("driver")), "nothing is made");
  }

  @ParameterizedTest
  @CsvSource({
    "lightning:x, --rpc-cookie=c, is no pile's address",
    "'', --rpc-user=u, how to log in at the Bitcoin node",
    "'', --network=mainnet, --i-understand-the-risk",
  })
  void whatCannotBeUsedIsToldBeforeAnythingIsMade(String address, String option, String told) {
    CommandRun run = run("close", address.isEmpty() ? ADDRESS : address, option);
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.err().contains(told), run.err());
    assertTrue(Files.notExists(folder.resolve("driver")), "nothing is made");
  }

  @Test
  void aNodeThatIsNotThereIsNamed() {
    CommandRun run =
        run("charge", ADDRESS, "--rpc-url=http://127.0.0.1:9", "--rpc-cookie=" + folder);
    assertEquals(1, run.exit(), run.err());
    assertTrue(run.err().startsWith("chargepile: "), run.err());
    assertTrue(!run.err().contains("error of the program"), run.err());
  }

  @Test
  void statusOfAFolderWithoutAWalletSaysSo() {
    CommandRun run = CommandRun.of("driver", "status", "--data", folder);
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("driver.db"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "broker.example:8883, ssl://broker.example:8883",
    "127.0.0.1:1883, tcp://127.0.0.1:1883",
    "localhost:1883, tcp://localhost:1883",
    "[::1]:1883, tcp://[::1]:1883",
  })
  void onlyABrokerOnThisMachineIsSpokenToInTheClear(String broker, String url) throws Exception {
    PileAddress address = PileAddress.parse("chargepile:" + NODE + "@" + broker + "/p");
    assertEquals(url, LinkOptions.url(address).toString());
  }

  private CommandRun run(String verb, String address, String... options) {
    List<Object> args =
        new ArrayList<>(
            List.of("driver", verb, "--pile=" + address, "--data=" + folder.resolve("driver")));
    for (String option : options) {
      if (!option.isEmpty()) {
        args.add(option);
      }
    }
    return CommandRun.of(args.toArray());
  }
}
