package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at the bedside of a daemon at work, and of one whose disk has turned read-only. */
final class DoctorBesideDaemonTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "chargepile doctor --config pile.toml\\n```\\n\\n```text\\n(.*?)```", Pattern.DOTALL);

  /** What is the machine's own, or the moment's. */
  private static final Set<String> DIFFERS = Set.of("version", "service", "clock", "medium");

  /** The column with the check's name. */
  private static final int CHECK_FROM = 9;

  private static final int CHECK_TO = 22;

  @TempDir static Path folder;
  private static Site site;

  @BeforeAll
  static void start() throws IOException {
    site =
        new Site(
            folder,
            "seconds,power_w\n0,0\n600,0\n",
            """
            [tariff]
            price_msat_per_kwh = 300000
            """);
    Files.createDirectory(
        site.data("pile"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  private CommandRun doctor() {
    return CommandRun.of("doctor", "--config", folder.resolve("pile.toml"));
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(site.data("pile"))) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  /** Without the simulated car's coming, which the daemon writes down in its own time. */
  private List<JournalEntry> journal() {
    try (StoreView store = SqliteStore.openReadOnly(site.database("pile"))) {
      return store.journal(0, 1000).stream()
          .filter(entry -> !entry.note().event().equals("car plugged in"))
          .toList();
    }
  }

  @Test
  void itSeesTheDaemonChangesNothingAndSaysWhatTheReadmeShows() throws Exception {
    try (Program pile = site.pile()) {
      pile.await(line -> line.startsWith("chargepile:"));
      Set<String> files = files();
      List<JournalEntry> journal = journal();
      byte[] seed = Files.readAllBytes(site.data("pile").resolve("seed"));
      CommandRun run = doctor();
      assertEquals(0, run.exit(), run.out() + run.err());
      assertTrue(
          run.out().contains("the daemon at work (process %d)".formatted(pile.pid())), run.out());
      assertEquals(files, files());
      assertEquals(journal, journal());
      assertEquals(seed.length, Files.readAllBytes(site.data("pile").resolve("seed")).length);
      assertEquals(shown(sample()), shown(run.out()), run.out());
      assertEquals(List.of(), retainedByTheDoctor());
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    }
  }

  private List<String> retainedByTheDoctor() throws InterruptedException {
    try (Watcher watcher = site.watcher()) {
      watcher.await(site.topics().status(), "online");
      return watcher.retained("chargepile/+/doctor/#");
    }
  }

  @Test
  void afterTheDaemonItLooksThroughTheWholeStore() throws Exception {
    try (Program pile = site.pile()) {
      pile.await(line -> line.startsWith("chargepile:"));
      pile.kill();
    }
    CommandRun run = doctor();
    assertEquals(0, run.exit(), run.out());
    assertTrue(run.out().contains("is whole, every page and every channel"), run.out());
    assertTrue(run.out().contains("seed can be used"), run.out());
    try (Program pile = site.pile()) {
      pile.await(line -> line.startsWith("chargepile:"));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws Exception {
    try (PrivateMounts mounts =
            PrivateMounts.after(
                "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"", site.data("pile"));
        Program doctor =
            new Program(
                () -> {},
                mounts.inside(),
                "doctor",
                "--config",
                folder.resolve("pile.toml").toString())) {
      assertEquals(1, doctor.exit(), doctor.said());
      assertTrue(
          doctor.said().lines().anyMatch(line -> line.matches("FAIL +disk +.*read-only.*")),
          doctor.said());
      assertTrue(doctor.said().contains("mount -o remount,rw"), doctor.said());
      assertFalse(doctor.said().contains("error of the program"), doctor.said());
    }
  }

  private static String sample() throws IOException {
    Matcher sample = SAMPLE.matcher(Files.readString(Path.of("..", "README.md")));
    assertTrue(sample.find(), "the README shows the command and what it says");
    return sample.group(1);
  }

  /** What is the same on every machine and in every run. */
  private static List<String> shown(String said) {
    List<String> shown = new ArrayList<>();
    String check = "";
    for (String line :
        said.replace(folder + "/pile.toml", "pile.toml")
            .replace(folder + "/pile", "/var/lib/chargepile")
            .lines()
            .filter(line -> line.length() > CHECK_TO)
            .toList()) {
      String named = line.substring(CHECK_FROM, CHECK_TO).strip();
      check = named.isEmpty() ? check : named;
      if (!DIFFERS.contains(check)) {
        // A block made just now may be of the next second, and then has no age.
        shown.add(
            line.replaceAll("/Satoshi:[^ ]*", "NODE")
                .replaceAll(", [0-9]+ s old", "")
                .replaceAll("[0-9]+( [0-9]{3})*", "#"));
      } else if (!named.isEmpty()) {
        shown.add(named);
      }
    }
    return shown;
  }
}
