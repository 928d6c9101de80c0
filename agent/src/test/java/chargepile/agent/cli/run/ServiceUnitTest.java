package chargepile.agent.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as it is shipped: what it promises, and that all it names is there. */
class ServiceUnitTest {
  private static final Path IMAGE_SOURCE = Path.of("src", "image");
  private static final String INSTALLED = "/usr/lib/chargepile/";
  private static final String CONFIGURATION = "/etc/chargepile/chargepile.toml";

  /** Of systemd-analyze, in tenths: 2.0. */
  private static final String EXPOSURE_LIMIT = "20";

  @TempDir private Path folder;
  private ServiceUnit unit;

  @BeforeEach
  void read() throws IOException {
    unit = ServiceUnit.shipped();
  }

  @Test
  void itWaitsForReadinessAndForTheBeat() {
    assertEquals("notify", unit.one("Service.Type"));
    assertEquals("main", unit.one("Service.NotifyAccess"));
    assertTrue(unit.seconds("Service.WatchdogSec").isPositive());
    assertEquals("on-failure", unit.one("Service.Restart"));
    assertEquals("143", unit.one("Service.SuccessExitStatus"));
  }

  /** The daemon's own patience is shorter; a Raspberry Pi takes seconds to start another. */
  @Test
  void theLimitOfAStopLeavesTimeToOpenTheContactorAfterwards() {
    assertEquals(10, unit.seconds("Service.TimeoutStopSec").toSeconds());
  }

  @Test
  void theJournalReadsThePriorities() {
    assertEquals("journal", unit.one("Service.StandardError"));
    assertEquals("yes", unit.one("Service.SyslogLevelPrefix"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Service.ExecStart", "Service.ExecStopPost"})
  void itsCommandsAreThoseOfTheImage(String key) throws Exception {
    List<String> command = unit.command(key);
    assertEquals(INSTALLED + "bin/chargepile", command.getFirst());
    assertTrue(
        Files.readString(IMAGE_SOURCE.resolve("build-image.sh"))
            .contains("chmod 755 \"$image/bin/chargepile\""));
    assertEquals(List.of("--config", CONFIGURATION), command.subList(2, command.size()));
    CommandRun help = CommandRun.of(command.get(1), "--help");
    assertEquals(0, help.exit(), help.err());
    assertTrue(help.out().contains("--config=FILE"), help.out());
  }

  @Test
  void howeverItEndsTheContactorIsOpenedAfterwards() {
    assertEquals("open-contactor", unit.command("Service.ExecStopPost").get(1));
  }

  /** The daemon notes its line there; the folder goes only after ExecStopPost. */
  @Test
  void theOpenerKnowsTheLineWhateverHasBecomeOfTheConfiguration() {
    assertEquals("chargepile", unit.one("Service.RuntimeDirectory"));
    assertEquals("0700", unit.one("Service.RuntimeDirectoryMode"));
    assertEquals(List.of(), unit.all("Service.RuntimeDirectoryPreserve"));
  }

  @Test
  void theFoldersAreThoseThatItMakes() {
    String name = unit.one("Service.ConfigurationDirectory");
    assertTrue(CONFIGURATION.startsWith("/etc/" + name + "/"));
    assertEquals(
        "/var/lib/" + unit.one("Service.StateDirectory"), unit.one("Service.WorkingDirectory"));
    assertEquals("0700", unit.one("Service.StateDirectoryMode"));
  }

  @Test
  void theConfigurationsFoldersAreThoseThatItMayWriteAndRead() throws Exception {
    String shipped = Files.readString(Path.of("..", "config", "chargepile.toml"));
    assertTrue(
        shipped.contains("\ndata_dir = \"%s\"".formatted(unit.one("Service.WorkingDirectory"))));
  }

  @Test
  void itsUserAndGroupsAreMadeBySysusers() throws Exception {
    String made = Files.readString(Path.of("..", "systemd", "sysusers.d", "chargepile.conf"));
    assertTrue(made.matches("(?s).*\nu +%s .*".formatted(unit.one("Service.User"))), made);
    String group = unit.one("Service.SupplementaryGroups");
    assertTrue(made.matches("(?s).*\ng +%s .*".formatted(group)), made);
  }

  @Test
  void theReadmeSaysHowEveryKindOfSecretIsNamed() throws Exception {
    String readme = Files.readString(Path.of("..", "README.md"));
    Matcher named = Pattern.compile("credential:([a-z.-]+)").matcher(readme);
    assertTrue(named.find());
    do {
      String secret = named.group(1);
      assertTrue(
          unit.all("Service.LoadCredential").contains(secret)
              || readme.contains("\nLoadCredential=%s\n".formatted(secret)), // the agency's unit
          named.group());
    } while (named.find());
  }

  @Test
  void systemdFindsNothingWrongWithIt() throws Exception {
    Path installed = Files.createDirectories(folder.resolve("image/bin"));
    Path program = Files.copy(IMAGE_SOURCE.resolve("chargepile"), installed.resolve("chargepile"));
    assertTrue(program.toFile().setExecutable(true));
    String text = Files.readString(ServiceUnit.FILE).replace(INSTALLED, folder + "/image/");
    Path file = Files.writeString(folder.resolve("chargepile.service"), text);
    Analysis verified = analyze("verify", "--man=no", file.toString());
    assertEquals(0, verified.exit, verified.said);
    assertEquals("", verified.about("chargepile.service"), verified.said);
  }

  @Test
  void itsExposureIsTwoOrLess() throws Exception {
    Analysis judged =
        analyze(
            "security",
            "--offline=true",
            "--no-pager",
            "--threshold=" + EXPOSURE_LIMIT,
            ServiceUnit.FILE.toString());
    assertEquals(0, judged.exit, judged.said);
    assertTrue(judged.said.contains("Overall exposure level for chargepile.service: "));
  }

  private record Analysis(int exit, String said) {
    /** The lines about a unit; the machine's own units may have troubles too. */
    String about(String unit) {
      return String.join("\n", said.lines().filter(line -> line.startsWith(unit)).toList());
    }
  }

  /** Aborts the test where there is no systemd-analyze, or one that can't judge files. */
  private static Analysis analyze(String... arguments) throws IOException, InterruptedException {
    List<String> places =
        Stream.of("/usr/bin/systemd-analyze", "/bin/systemd-analyze")
            .filter(place -> Files.isExecutable(Path.of(place)))
            .toList();
    if (places.isEmpty()) {
      return Assumptions.abort("skipped: no systemd-analyze on this machine");
    }
    List<String> command = new ArrayList<>();
    command.add(places.getFirst());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int exit = process.waitFor();
    if (said.contains("unrecognized option") || said.contains("Unknown operation")) {
      return Assumptions.abort("skipped: this systemd-analyze is too old: " + said.strip());
    }
    return new Analysis(exit, said);
  }
}
