package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that takes no more, in the middle of a session: the pile's database is a real file on it.
 */
class DiskTroubleTest {
  private static final int FAILED = 1;

  @TempDir private Path folder;
  private Site site;

  @BeforeEach
  void start() throws IOException {
    site =
        new Site(
            folder,
            "seconds,power_w\n0,18000\n60,0\n",
            """
            [meter]
            impulses_per_kwh = 2000
            [tariff]
            price_msat_per_kwh = 100000000
            [exposure]
            increment_wh = 1
            credit_wh = 5
            """);
  }

  @AfterEach
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void aFullDiskOpensTheContactorAndWithRoomTheSessionGoesOn() throws Exception {
    Path data = Files.createDirectories(site.data("pile"));
    try (PrivateMounts mounts =
        PrivateMounts.after("mount -t tmpfs -o size=2m none \"$1\"", data)) {
      Path filler = mounts.outside(data).resolve("filler");
      goesOn(
          mounts.inside(),
          mounts.outside(site.database("pile")),
          _ -> fill(filler),
          "The disk is full: free some space",
          () -> Files.delete(filler));
    }
  }

  /** Of a copy: what lies in another mount namespace has no real path here. */
  private Standings standings(Path database) throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy")).resolve("pile.db");
    for (String suffix : List.of("", "-wal")) {
      Path from = database.resolveSibling(database.getFileName() + suffix);
      Path to = copy.resolveSibling(copy.getFileName() + suffix);
      Files.deleteIfExists(to);
      if (Files.exists(from)) {
        Files.copy(from, to);
      }
    }
    return site.standings(copy);
  }

  private static void fill(Path file) throws IOException {
    FileStore disk = Files.getFileStore(file.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      while (disk.getUsableSpace() >= page.length) {
        out.write(page);
      }
    }
  }

  @Test
  void aFileThatMayNotGrowOpensTheContactorAndWithRoomTheSessionGoesOn() throws Exception {
    Path log = site.data("pile").resolve("pile.db-wal");
    goesOn(
        List.of(),
        site.database("pile"),
        pile -> limitFiles(pile, Files.size(log)),
        "The disk failed: check the kernel's log and the medium",
        () -> {});
  }

  /** As {@code ulimit -f} does for a process to come. */
  private static void limitFiles(Program program, long bytes)
      throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid=" + program.pid(), "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    assertEquals(0, prlimit.waitFor());
  }

  private interface Trouble {
    void begin(Program pile) throws IOException, InterruptedException;
  }

  private interface Relief {
    void bring() throws IOException;
  }

  private void goesOn(
      List<String> under, Path database, Trouble trouble, String said, Relief relief)
      throws Exception {
    try (Watcher seen = site.watcher();
        Program pile = site.pileUnder(under)) {
      String contactor = site.topics().contactor();
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=100000000")) {
        driver.await(line -> line.startsWith("paid "));
        seen.await(contactor, "closed");
        trouble.begin(pile);
        assertEquals(FAILED, pile.exit(), pile.said());
        assertTrue(pile.said().contains(said), pile.said());
        seen.await(contactor, "open");
        seen.await(site.topics().status(), "offline");
        relief.bring();
        Standings left = standings(database);
        left.assertCompatible();
        try (Program again = site.pileUnder(under)) {
          assertEquals(address, again.await(line -> line.startsWith("chargepile:")));
          assertTrue(again.said().contains("found channel "), again.said());
          driver.await(line -> line.startsWith("paid "));
          seen.await(contactor, "closed");
          driver.terminate();
          driver.await(line -> line.equals("session ended: driver stopped"));
          driver.exit();
          Standings now = standings(database);
          now.assertFollows(left);
          assertTrue(now.agree(), now::toString);
          again.terminate();
          again.exit();
        }
      }
    }
  }
}
