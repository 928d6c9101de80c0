package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contracts: what is checked in is what the compiler makes of the sources, and the tests in
 * {@code src/test/solidity} (unit, fuzz, stateful invariants, gas snapshot) pass.
 */
@Timeout(1200)
final class ContractsTest {
  private static final Path ARTIFACTS = Path.of("src/main/resources/chargepile/agent/evm");

  /** Fewer would say that forge has overlooked a file. */
  private static final int TESTS_AT_LEAST = 380;

  private static final Pattern FUNCTION = Pattern.compile("\"name\":\"(\\w+)\",\"outputs\"");

  @TempDir private Path folder;

  @Test
  void checkedInArtifactsAreWhatTheCompilerMakesOfTheSources() throws Exception {
    Path peers = peers("solc");
    Path built = folder.resolve("artifacts");
    run(List.of("node", "src/contracts/artifacts.js", peers.toString(), built.toString()), true);
    assertEquals(names(built), names(ARTIFACTS), "rebuild them with src/contracts/build.sh");
    for (String name : names(built)) {
      assertArrayEquals(
          Files.readAllBytes(built.resolve(name)),
          Files.readAllBytes(ARTIFACTS.resolve(name)),
          () -> name + " is of other sources: rebuild it with src/contracts/build.sh");
    }
  }

  @Test
  void testsOfTheContractsPass() throws Exception {
    Path peers = peers("forge");
    String answer =
        run(List.of("src/contracts/forge.sh", peers.toString(), "test", "--json"), false);
    List<String> passed = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    int json = answer.indexOf("{\"");
    assertTrue(json >= 0, answer);
    String line = answer.substring(json).lines().findFirst().orElseThrow();
    fields(JsonReader.read(line)).forEach((suite, of) -> sort(suite, of, passed, failed));
    assertEquals(List.of(), failed, "see them with src/contracts/forge.sh PEERS test");
    assertTrue(passed.size() >= TESTS_AT_LEAST, () -> "only " + passed);
  }

  /** The agency deploys and has no power over them (P2-04): all money is in escrow (P2-13). */
  @Test
  void noContractHasAnOwnerAPauseAnUpgradeOrAMint() throws IOException {
    Set<String> powers =
        Set.of(
            "owner",
            "transferOwnership",
            "renounceOwnership",
            "grantRole",
            "pause",
            "unpause",
            "upgradeTo",
            "upgradeToAndCall",
            "initialize",
            "mint",
            "sweep",
            "withdrawAll");
    Set<String> found = new TreeSet<>();
    int functions = 0;
    for (String file : names(ARTIFACTS)) {
      Matcher function = FUNCTION.matcher(Files.readString(ARTIFACTS.resolve(file)));
      while (function.find()) {
        functions++;
        if (powers.contains(function.group(1))) {
          found.add(file + " " + function.group(1));
        }
      }
    }
    assertTrue(functions > 100, "only " + functions + " functions were read");
    assertEquals(Set.of(), found);
  }

  private static void sort(String suite, JsonValue of, List<String> passed, List<String> failed) {
    Map<String, JsonValue> results =
        fields(Objects.requireNonNull(fields(of).get("test_results"), suite));
    for (Map.Entry<String, JsonValue> each : results.entrySet()) {
      Map<String, JsonValue> result = fields(each.getValue());
      String name = suite + " " + each.getKey();
      if (new JsonValue.Text("Success").equals(result.get("status"))) {
        passed.add(name);
      } else {
        failed.add(name + ": " + result.get("reason"));
      }
    }
  }

  private static Map<String, JsonValue> fields(JsonValue value) {
    return switch (value) {
      case JsonValue.Fields(Map<String, JsonValue> values) -> values;
      case JsonValue.Text _,
          JsonValue.Decimal _,
          JsonValue.Truth _,
          JsonValue.Array _,
          JsonValue.Nothing _ ->
          throw new AssertionError("not an object: " + value);
    };
  }

  private static Path peers(String tool) {
    Path peers = Path.of(System.getProperty("chargepile.peers", "target/peers"));
    if (!Files.exists(peers.resolve("evm").resolve(tool))) {
      return Assumptions.abort(
          "skipped: no " + tool + " in chargepile.peers, which src/peers/fetch-evm.sh fetches");
    }
    return peers.toAbsolutePath();
  }

  private static Set<String> names(Path artifacts) throws IOException {
    try (Stream<Path> files = Files.list(artifacts)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }
  }

  private String run(List<String> command, boolean mustSucceed) throws Exception {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertTrue(process.waitFor(15, TimeUnit.MINUTES), () -> command + " does not come to an end");
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    String complained = Files.readString(errors);
    if (mustSucceed) {
      assertEquals(0, process.exitValue(), complained);
    }
    return said.isEmpty() ? complained : said;
  }
}
