package chargepile.agent.cli.market.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.evm.Anvil;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmRpc;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A market is put on a real chain once, whatever comes between. */
class DeployCommandTest {
  private static Anvil anvil;
  private static EvmRpc node;

  @TempDir private Path folder;
  private ChainBench bench;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    anvil = Anvil.mining("--slots-in-an-epoch", "1");
    node = anvil.rpc();
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
      anvil.close();
    }
  }

  @BeforeEach
  void kgc() throws IOException {
    bench = new ChainBench(folder, anvil);
  }

  @Test
  void allContractsAreThereAndKnowEachOther() {
    CommandRun run = bench.deploy("m");
    assertEquals(0, run.exit(), run.err());
    for (String name : List.of("token", "voucher_channel", "registry", "order_book")) {
      EvmAddress at = ChainBench.address(run.out(), name);
      assertFalse(node.code(at, BlockRef.LATEST).isEmpty(), name);
    }
    assertTrue(run.out().contains("A pile's bond: 1 200 for each kW, 8 400 at least"), run.out());
    assertTrue(Files.exists(folder.resolve("m").resolve("market.toml")));
  }

  @Test
  void whatIsThereIsFoundAgain() {
    CommandRun first = bench.deploy("m");
    long height = anvil.height();
    CommandRun again = bench.deploy("m");
    assertEquals(0, again.exit(), again.err());
    assertEquals(height, anvil.height());
    assertEquals(tables(first), tables(again));
  }

  @Test
  void otherRulesAreAnotherDeployment() {
    bench.deploy("m");
    CommandRun other = bench.deploy("m", "--set", "notice=7200");
    assertNotEquals(0, other.exit());
    assertTrue(other.err().contains("deploy into a new folder"), other.err());
  }

  @Test
  void aDryRunSendsNothing() {
    long height = anvil.height();
    CommandRun run = bench.deploy("m", "--dry-run");
    assertEquals(0, run.exit(), run.err());
    assertEquals(height, anvil.height());
    assertTrue(run.out().contains("owed-hours"), run.out());
  }

  @Test
  void anAccountWithoutCoinsIsToldWhereToSendThem() {
    List<Object> poor = bench.deployment("poor");
    int at = poor.indexOf("--key-file");
    poor.subList(at, at + 2).clear();
    CommandRun run = CommandRun.of(poor.toArray());
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("send some there"), run.err());
  }

  @Test
  void anotherChainIsRefused() {
    List<Object> foreign = bench.deployment("m");
    foreign.set(foreign.indexOf("--chain") + 1, 1);
    CommandRun run = CommandRun.of(foreign.toArray());
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("serves the chain 31337 and not 1"), run.err());
  }

  @Test
  void aRuleThatIsNoneIsNamed() {
    CommandRun run = bench.deploy("m", "--set", "speed=3");
    assertEquals(1, run.exit());
    assertTrue(run.err().contains("--set speed: there is no such rule"), run.err());
  }

  @Test
  void agencyAndCourtAreTwo() {
    List<Object> one = bench.deployment("m");
    one.set(one.indexOf("--court") + 1, one.get(one.indexOf("--agency") + 1));
    CommandRun run = CommandRun.of(one.toArray());
    assertTrue(run.err().contains("agency and court are one"), run.err());
  }

  private static String tables(CommandRun run) {
    Matcher tables = Pattern.compile("(?s)\\[evm].*?settlement_log = \\S+").matcher(run.out());
    assertTrue(tables.find(), run.out());
    return tables.group();
  }
}
