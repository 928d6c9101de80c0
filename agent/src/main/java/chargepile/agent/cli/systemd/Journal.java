package chargepile.agent.cli.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tinylog.Level;

/**
 * Standard error where systemd's journal reads it: each line begins with its priority as {@code
 * <N>} (sd-daemon(3), RFC 5424 table 2). Elsewhere nothing is changed.
 */
public final class Journal {
  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final int ERROR = 3;
  private static final int WARNING = 4;
  private static final int INFORMATIONAL = 6;
  private static final int DEBUG = 7;

  private static final boolean READS = reads(System.getenv(), STDERR);

  private Journal() {}

  /** Whether the journal reads this process's stderr. */
  static boolean reads() {
    return READS;
  }

  /**
   * Whether {@code stderr} is the stream that JOURNAL_STREAM names (systemd.exec(5)); a child with
   * its stderr elsewhere has the variable too.
   */
  static boolean reads(Map<String, String> environment, Path stderr) {
    String stream = environment.getOrDefault("JOURNAL_STREAM", "");
    if (stream.isEmpty()) {
      return false;
    }
    try {
      Map<String, Object> file = Files.readAttributes(stderr, "unix:dev,ino");
      return stream.equals(file.get("dev") + ":" + file.get("ino"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // no stderr, or a system without such numbers, has no journal either
    }
  }

  /** From now on a line on {@code System.err} that names no priority is an error. */
  public static void adopt() {
    if (READS) {
      System.setErr(marking(System.err));
    }
  }

  /** Marks the lines that name no priority. */
  static PrintStream marking(OutputStream to) {
    return new PrintStream(new Marking(to), true, UTF_8);
  }

  /** {@code text} with the level's priority before each line, and a line's end. */
  static String marked(Level level, String text) {
    String mark = "<%d>".formatted(priority(level));
    StringBuilder lines = new StringBuilder();
    text.lines().forEach(line -> lines.append(mark).append(line).append('\n'));
    return lines.toString();
  }

  private static int priority(Level level) {
    return switch (level) {
      case TRACE, DEBUG -> DEBUG;
      case INFO -> INFORMATIONAL;
      case WARN -> WARNING;
      case ERROR, OFF -> ERROR;
    };
  }

  private static final class Marking extends FilterOutputStream {
    private static final byte[] MARK = "<%d>".formatted(ERROR).getBytes(UTF_8);
    private boolean atStart = true;

    Marking(OutputStream to) {
      super(to);
    }

    @Override
    public synchronized void write(int next) throws IOException {
      if (atStart && next != '<' && next != '\n') {
        out.write(MARK);
      }
      out.write(next);
      atStart = next == '\n';
    }

    /** As few writes as there are marks: others may write to the same stream. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      while (from < offset + length) {
        int end = from;
        while (end < offset + length - 1 && bytes[end] != '\n') {
          end++;
        }
        write(bytes[from]);
        out.write(bytes, from + 1, end - from);
        atStart = bytes[end] == '\n';
        from = end + 1;
      }
    }
  }
}
