package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    byte[] seal = Files.readAllBytes(bench.kgc.resolve(LogSeal.NAME));
    Path request = bench.request(bench.driver("alice"), "alice");
    bench.issue(request);
    byte[] longer = Files.readAllBytes(bench.kgc.resolve(AuditLog.NAME));
    for (int cut :
        new int[] {log.length + 1, (log.length + longer.length) / 2, longer.length - 1}) {
      Files.write(bench.kgc.resolve(AuditLog.NAME), Arrays.copyOf(longer, cut));
      Files.write(bench.kgc.resolve(AuditLog.HEAD), head);
      Files.write(bench.kgc.resolve(LogSeal.NAME), seal);
      assertTrue(bench.done("kgc", "list", bench.kgc).out().contains("0 issued"));
    }
    assertEquals(0, bench.issue(request).exit());
    assertEquals(1, bench.issued());
  }

  /** The power goes between the log's line and the seal: the certificate is proof enough. */
  @Test
  void anIssueThatWasNotSealedAnyMoreCounts() throws Exception {
    Path seal = bench.kgc.resolve(LogSeal.NAME);
    byte[] before = Files.readAllBytes(seal);
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    Files.write(seal, before);
    assertEquals(0, bench.issue(bench.request(bench.driver("bob"), "bob")).exit());
    assertEquals(2, bench.issued());
    Files.write(seal, before);
    CommandRun run = bench.issue(bench.request(bench.driver("carol"), "carol"));
    assertEquals(3, run.exit());
    assertTrue(run.err().contains("after line 2"), run.err());
  }

  /** Somebody who can write the folder and has no passphrase. */
  @Test
  void aLogThatWasWrittenAnewIsFoundWithThePassphrase() throws Exception {
    bench.issue(bench.request(bench.driver("alice"), "alice"));
    bench.issue(bench.request(bench.driver("bob"), "bob"));
    bench.done("kgc", "revoke", bench.kgc, "bob", "--reason", "needs no passphrase");
    Path next = bench.request(bench.driver("carol"), "carol");
    assertEquals(0, bench.issue(next).exit());
    List<AuditLog.Line> lines = AuditLog.open(bench.kgc).lines();
    Path log = bench.kgc.resolve(AuditLog.NAME);
    List<String> text = Files.readAllLines(log);
    Files.delete(log);
    Files.delete(bench.kgc.resolve(AuditLog.HEAD));
    AuditLog anew = AuditLog.open(bench.kgc);
    for (int i = 0; i < lines.size(); i++) {
      if (i != 4) { // bob was never revoked
        anew.append(lines.get(i).time(), lines.get(i).event(), own(text.get(i)));
      }
    }
    assertTrue(bench.done("kgc", "list", bench.kgc).out().contains("bob"), "the chain is whole");
    CommandRun run = bench.issue(bench.request(bench.driver("dave"), "dave"));
    assertEquals(3, run.exit());
    assertTrue(run.err().contains("written anew by somebody without the passphrase"), run.err());
    Files.delete(bench.kgc.resolve(LogSeal.NAME));
    assertTrue(bench.issue(folder.resolve("dave.request")).err().contains("is missing"));
    Files.writeString(bench.kgc.resolve(LogSeal.NAME), anew.head() + " " + "00".repeat(32));
    assertTrue(bench.issue(folder.resolve("dave.request")).err().contains("with the master key"));
  }

  /** A folder from before there was a seal. */
  @Test
  void aLogWithoutASealIsSealedByWhoKeptItsHead() throws Exception {
    String head = Files.readString(bench.kgc.resolve(AuditLog.HEAD)).strip();
    Object[] sealing = {
      "kgc", "seal", bench.kgc, "--head", head, "--passphrase-file", bench.passphrase
    };
    KgcBench.refused("is there already", CommandRun.of(sealing));
    assertEquals(0, bench.issue(bench.request(bench.driver("alice"), "alice")).exit());
    Files.delete(bench.kgc.resolve(LogSeal.NAME));
    Path request = bench.request(bench.driver("bob"), "bob");
    assertTrue(bench.issue(request).err().contains("chargepile kgc seal"));
    sealing[4] = "1 " + "00".repeat(32);
    KgcBench.refused("was never the log's", CommandRun.of(sealing));
    sealing[4] = head;
    assertTrue(bench.done(sealing).out().contains("1 lines came after"));
    assertEquals(0, bench.issue(request).exit());
    assertEquals(2, bench.issued());
  }

  /** A line's own fields, as they were. */
  private static Map<String, Json> own(String line) throws MalformedJsonException {
    Map<String, Json> own = new LinkedHashMap<>();
    if (JsonReader.read(line) instanceof JsonValue.Fields(var fields)) {
      fields.forEach(
          (name, value) -> {
            if (!Set.of("n", "previous", "time", "event").contains(name)) {
              own.put(
                  name,
                  switch (value) {
                    case JsonValue.Text(String said) -> Json.of(said);
                    case JsonValue.Decimal(var number) -> Json.of(number.longValueExact());
                    default -> throw new AssertionError(name);
                  });
            }
          });
    }
    return own;
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
