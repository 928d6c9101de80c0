package chargepile.agent.cli.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinylog.Level;
import org.tinylog.core.LogEntry;

class JournalTest {
  @TempDir private Path folder;

  @Test
  void theJournalReadsTheStreamThatTheVariableNames() throws IOException {
    Path stderr = Files.createFile(folder.resolve("stream"));
    String stream =
        Files.getAttribute(stderr, "unix:dev") + ":" + Files.getAttribute(stderr, "unix:ino");
    assertTrue(Journal.reads(Map.of("JOURNAL_STREAM", stream), stderr));
    Path elsewhere = Files.createFile(folder.resolve("elsewhere"));
    assertFalse(Journal.reads(Map.of("JOURNAL_STREAM", stream), elsewhere), "a redirected child");
    assertFalse(Journal.reads(Map.of("JOURNAL_STREAM", stream), folder.resolve("none")));
    assertFalse(Journal.reads(Map.of("JOURNAL_STREAM", ""), stderr));
    assertFalse(Journal.reads(Map.of(), stderr));
  }

  @ParameterizedTest
  @CsvSource({"TRACE,7", "DEBUG,7", "INFO,6", "WARN,4", "ERROR,3"})
  void everyLineBearsItsPriority(Level level, int priority) {
    assertEquals(
        "<%1$d>first\n<%1$d>  second\n<%1$d>\n<%1$d>last\n".formatted(priority),
        Journal.marked(level, "first\n  second\r\n\nlast\n"));
  }

  @Test
  void aLineThatNamesNoPriorityIsAnError() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream err = Journal.marking(bytes)) {
      err.print("chargepile: ");
      err.println("a failure");
      err.print("<6>known\n<4>also\nnot known\n\n");
      err.write('x');
      err.write('y');
      err.write('\n');
      err.print("without an end: \u00e4");
    }
    assertEquals(
        """
        <3>chargepile: a failure
        <6>known
        <4>also
        <3>not known

        <3>xy
        <3>without an end: \u00e4\
        """,
        bytes.toString(UTF_8));
  }

  @Test
  void theWriterHasAFormatForTheJournalAndOneForOthers() {
    Map<String, String> properties =
        Map.of("format", "{level} {message}", "journal", "{class-name}: {message}");
    RuntimeException why = new IllegalStateException("why");
    assertEquals("WARN what\n", written(new StderrWriter(properties, false), Level.WARN, null));
    assertEquals("<4>Class: what\n", written(new StderrWriter(properties, true), Level.WARN, null));
    assertEquals(
        "<6>INFO what\n",
        written(new StderrWriter(Map.of("format", "{level} {message}"), true), Level.INFO, null));
    String failure = written(new StderrWriter(properties, true), Level.ERROR, why);
    assertTrue(
        failure.startsWith("<3>Class: what: java.lang.IllegalStateException: why\n"), failure);
    assertTrue(failure.lines().allMatch(line -> line.startsWith("<3>")), failure);
    assertTrue(failure.lines().count() > 2, "with its stack trace: " + failure);
  }

  private static String written(StderrWriter writer, Level level, @Nullable Throwable exception) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      writer.write(
          new LogEntry(
              null,
              Thread.currentThread(),
              Map.of(),
              "some.Class",
              "method",
              "Class.java",
              1,
              null,
              level,
              "what",
              exception));
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }
}
