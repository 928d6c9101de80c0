package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the power goes and whatever is changed: nothing is issued twice, nothing is lost. */
final class KgcCrashTest {
  @TempDir private Path folder;
  private KgcBench bench;

  @BeforeEach
  void init() throws IOException {
    bench = KgcBench.init(folder, "kgc");
  }

  @Test
  void aChangedLogStopsEveryCommandWithExitCodeThree() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    Path log = bench.kgc.resolve(AuditLog.NAME);
    Files.writeString(log, Files.readString(log).replace("alice", "mallo"));
    CommandRun run = CommandRun.of("kgc", "list", bench.kgc);
    assertEquals(3, run.exit());
    assertTrue(run.err().contains("Put"), run.err());
    assertEquals(3, bench.issue(folder.resolve("alice.request")).exit());
  }

  /** The power goes after the log's line and before the reply: what was issued is not lost. */
  @Test
  void anIssueWhoseReplyWasNeverWrittenIsGivenOutLater() throws Exception {
    Path request = bench.request(bench.driver("alice"), "alice");
    Path nowhere = folder.resolve("missing folder/alice.reply");
    KgcBench.refused("can't be written", bench.issue(request, "--reply", nowhere));
    assertEquals(1, bench.issued());
    assertTrue(bench.issue(request).out().contains("serial 1"));
    bench.done(bench.register(bench.driver("alice"), "--reply", folder.resolve("alice.reply")));
    assertEquals(1, bench.issued());
  }

  /** The power goes while the line is written: nothing was issued, and nothing was given out. */
  @Test
  void anIssueWhoseLineIsTornWasNone() throws Exception {
    byte[] log = Files.readAllBytes(bench.kgc.resolve(AuditLog.NAME));
    byte[] head = Files.readAllBytes(bench.kgc.resolve(AuditLog.HEAD));
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    byte[] longer = Files.readAllBytes(bench.kgc.resolve(AuditLog.NAME));
    for (int cut :
        new int[] {log.length + 1, (log.length + longer.length) / 2, longer.length - 1}) {
      Files.write(bench.kgc.resolve(AuditLog.NAME), Arrays.copyOf(longer, cut));
      Files.write(bench.kgc.resolve(AuditLog.HEAD), head);
      assertTrue(bench.done("kgc", "list", bench.kgc).out().contains("0 issued"));
    }
    assertEquals(0, bench.issue(request).exit());
    assertEquals(1, bench.issued());
  }

  @Test
  void anotherCentresFilesInTheFolderAreFound() throws Exception {
    KgcBench other = KgcBench.init(folder, "other");
    Files.copy(
        other.kgc.resolve(KgcFolder.PARAMETERS),
        bench.kgc.resolve(KgcFolder.PARAMETERS),
        StandardCopyOption.REPLACE_EXISTING);
    assertEquals(3, CommandRun.of("kgc", "list", bench.kgc).exit());
  }
}
