package chargepile.agent.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.Main;
import chargepile.agent.cli.ReadJson;
import chargepile.agent.evm.PrivateAnvil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kotlinx.serialization.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code demo --ledger evm} as a process of its own on a real anvil: registration with bond, two
 * cycles of quotes, order, review, channel, charge, settlement, and what becomes of a cheat.
 */
final class EvmDemoTest {
  private static final long PATIENCE_SECONDS = 400;

  @TempDir private Path folder;
  private Path anvil;

  @BeforeEach
  void require() {
    anvil =
        PrivateAnvil.find().orElseGet(() -> Assumptions.abort("skipped: no anvil; it needs npm"));
  }

  /** What a process said, and which it had started. */
  private record Ended(int exit, String out, String err, Set<ProcessHandle> started) {}

  @Test
  void whatIsMatchedIsDeliveredPaidAndSettled() throws Exception {
    JsonObject result = demo();
    assertEquals("cooperative_close", ReadJson.text(result, "outcome"));
    assertEquals("agreed", ReadJson.text(result, "certificate"));
    assertEquals("1166", ReadJson.text(result, "ordered_wh"));
    // Between the pile's 1 000 000 and the driver's 1 050 000.
    assertEquals("2050000", ReadJson.text(result, "price_doubled_base_units_per_kwh"));
    long amount = number(result, "amount_base_units");
    assertEquals(1166L * 1_025_000 / 1000, amount);
    assertEquals(amount, number(result, "pile_received_base_units"));
    assertEquals(
        amount,
        number(result, "revenue_pile_base_units")
            + number(result, "revenue_grid_base_units")
            + number(result, "revenue_agency_base_units"));
    assertEquals(14_000_000, number(result, "bond_base_units"));
    assertTrue(number(result, "revenue_grid_base_units") > 0);
    assertEquals(0, number(result, "damages_driver_base_units"));
  }

  @Test
  void aStaleVoucherWinsTheCheatNothing() throws Exception {
    JsonObject result = demo("--cheat");
    assertEquals("stale_close_answered", ReadJson.text(result, "outcome"));
    assertEquals(number(result, "amount_base_units"), number(result, "pile_received_base_units"));
    assertEquals("unopposed", ReadJson.text(result, "certificate"));
  }

  @Test
  void whoVanishesPaysForWhatItDidNotTake() throws Exception {
    JsonObject result = demo("--vanish");
    assertEquals("unilateral_close", ReadJson.text(result, "outcome"));
    assertTrue(number(result, "damages_driver_base_units") > 0);
    assertEquals(0, number(result, "damages_pile_base_units"));
  }

  @Test
  void aProgramThatIsNoAnvilIsNamedWithWhatToDo() throws Exception {
    Path broken = Files.writeString(folder.resolve("anvil"), "#!/bin/sh\necho no chain today\n");
    assertTrue(broken.toFile().setExecutable(true));
    anvil = broken;
    Ended ended = run("--trace", trace().toString());
    assertEquals(1, ended.exit());
    assertTrue(ended.err().contains("does not start: no chain today"), ended.err());
    assertTrue(ended.err().contains("--anvil"), ended.err());
  }

  private JsonObject demo(String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("--json", "--trace", trace().toString()));
    args.addAll(List.of(more));
    Ended ended = run(args.toArray(new String[0]));
    assertEquals(0, ended.exit(), ended.err());
    assertFalse(ended.started().isEmpty());
    ended.started().forEach(child -> assertFalse(child.isAlive(), () -> "left behind: " + child));
    return ReadJson.object(ended.out());
  }

  private Path trace() throws IOException {
    return Files.writeString(folder.resolve("car.csv"), "seconds,power_w\n0,7000\n600,7000\n");
  }

  private Ended run(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    String peers = System.getProperty("chargepile.peers");
    if (peers != null) {
      command.add("-Dchargepile.peers=" + peers);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("demo", "--ledger", "evm", "--anvil", anvil.toString()));
    command.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    Set<ProcessHandle> started = new HashSet<>();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(started::add);
        assertTrue(System.nanoTime() < end, () -> "does not end");
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8),
          started);
    } finally {
      process.destroyForcibly();
    }
  }

  private static long number(JsonObject result, String field) {
    return Long.parseLong(ReadJson.text(result, field));
  }
}
