package chargepile.agent.cli.kgc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.runtime.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done stays as it was said, or the log is not opened. */
final class AuditLogTest {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  @TempDir private Path folder;
  private Path file;
  private Path head;

  @BeforeEach
  void threeLines() throws IOException {
    file = folder.resolve(AuditLog.NAME);
    head = folder.resolve(AuditLog.HEAD);
    AuditLog log = AuditLog.open(folder);
    for (String id : List.of("anna", "bert", "cleo")) {
      log.append(NOW, "issued", Map.of("id", Json.of(id)));
    }
  }

  @Test
  void linesAreReadAsTheyWereWritten() throws IOException {
    List<AuditLog.Line> lines = AuditLog.open(folder).lines();
    assertEquals(
        List.of("anna", "bert", "cleo"), lines.stream().map(line -> line.text("id")).toList());
    assertEquals(List.of(1L, 2L, 3L), lines.stream().map(AuditLog.Line::number).toList());
    assertEquals(NOW, lines.getFirst().time());
    assertEquals("issued", lines.getFirst().event());
  }

  @Test
  void aChangedLineIsFound() throws IOException {
    rewrite(text -> text.replace("bert", "dora"));
    assertDamaged("line 3: it does not follow from the line before");
  }

  @Test
  void aChangedLastLineIsFound() throws IOException {
    rewrite(text -> text.replace("cleo", "dora"));
    assertDamaged("lines at its end are missing or were changed");
  }

  @Test
  void aLineTakenOutIsFound() throws IOException {
    rewrite(text -> text.lines().filter(line -> !line.contains("bert")).toList());
    assertDamaged("it says that it is line 3: lines are missing");
  }

  @Test
  void aLineMissingAtTheEndIsFound() throws IOException {
    rewrite(text -> text.lines().limit(2).toList());
    assertDamaged("lines at its end are missing or were changed");
  }

  @Test
  void aLogThatIsGoneIsFound() throws IOException {
    Files.delete(file);
    assertDamaged("lines at its end are missing or were changed");
  }

  @Test
  void aMissingHeadIsFound() throws IOException {
    Files.delete(head);
    assertDamaged("audit.head is missing");
    rewrite(text -> text.lines().limit(1).toList());
    assertDamaged("audit.head is missing");
  }

  @Test
  void aLineThatThePowerCutShortIsCutOff() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, "{\"n\":4,\"previous\":\"", StandardOpenOption.APPEND);
    assertEquals(3, AuditLog.open(folder).lines().size());
    assertEquals(whole, Files.readString(file));
  }

  @Test
  void aLineWhoseHeadWasNotWrittenAnyMoreCounts() throws IOException {
    String before = Files.readString(head);
    AuditLog.open(folder).append(NOW, "revoked", Map.of());
    Files.writeString(head, before);
    AuditLog log = AuditLog.open(folder);
    assertEquals(4, log.lines().size());
    assertEquals(log.head(), Files.readString(head), "mended, so that the line can't go any more");
    log.append(NOW, "exported", Map.of());
    assertEquals(5, AuditLog.open(folder).lines().size());
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    assertEquals(
        "[OWNER_READ, OWNER_WRITE]",
        Files.getPosixFilePermissions(file).stream().sorted().toList().toString());
  }

  private interface Change {
    Object of(String text);
  }

  private void rewrite(Change change) throws IOException {
    Object changed = change.of(Files.readString(file));
    Files.writeString(
        file,
        changed instanceof List<?> lines
            ? String.join("\n", lines.stream().map(String::valueOf).toList()) + "\n"
            : changed.toString());
  }

  private void assertDamaged(String what) {
    var thrown = assertThrows(DamagedLogException.class, () -> AuditLog.open(folder));
    assertTrue(String.valueOf(thrown.getMessage()).contains(what), thrown::getMessage);
  }
}
