package chargepile.agent.cli.kgc;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.agent.cli.DamagedLogException;
import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.json.JsonReader;
import chargepile.agent.json.JsonValue;
import chargepile.agent.json.MalformedJsonException;
import chargepile.agent.runtime.Json;
import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinylog.Logger;

/**
 * What a KGC did, line by line; the register is what these lines say, and nothing else.
 *
 * <p>A line is a JSON object that begins with its number and the SHA-256 of the line before it, so
 * that a line which is changed, taken out or put in between is noticed. The file {@code audit.head}
 * holds the number and hash of the last line, so that one missing at the end is noticed too. No key
 * is in this: it finds damage and mistakes; whoever may write both files can write another past,
 * which a {@link LogSeal} shows, and a copy of {@link #head} kept elsewhere. A line counts once it
 * is on the disk whole: what a power cut left of one is cut off when the log is opened next.
 *
 * <p>Not thread-safe; whoever has one holds the folder's lock.
 */
final class AuditLog {
  static final String NAME = "audit.log";
  static final String HEAD = "audit.head";

  /** What stands in the place of the line before the first. */
  private static final String NOTHING = "0".repeat(64);

  private final Path file;
  private final Path headFile;
  private final List<Line> lines = new ArrayList<>();
  private String head = NOTHING;

  private AuditLog(Path folder) {
    this.file = folder.resolve(NAME);
    this.headFile = folder.resolve(HEAD);
  }

  /**
   * One thing that was done.
   *
   * @param number from 1
   */
  record Line(long number, Instant time, String event, Map<String, JsonValue> fields) {
    /** The text of a field that this event has. */
    String text(String name) {
      if (fields.get(name) instanceof JsonValue.Text(String value)) {
        return value;
      }
      throw new DamagedLogException(damaged(number, "it has no text \"%s\"".formatted(name)));
    }

    /** A natural number that this event has. */
    long natural(String name) {
      if (fields.get(name) instanceof JsonValue.Decimal(BigDecimal value)) {
        try {
          return value.longValueExact();
        } catch (ArithmeticException e) {
          throw new DamagedLogException(
              "line %d, \"%s\": %s".formatted(number, name, e.getMessage()), e);
        }
      }
      throw new DamagedLogException(damaged(number, "it has no number \"%s\"".formatted(name)));
    }

    /** Bytes of a field that this event may have. */
    Optional<ByteVector> optionalBytes(String name) {
      return fields.containsKey(name) ? Optional.of(bytes(name)) : Optional.empty();
    }

    /** Bytes, which stand there in hex. */
    ByteVector bytes(String name) {
      try {
        return ByteVector.fromHex(text(name));
      } catch (IllegalArgumentException e) {
        throw new DamagedLogException(damaged(number, "\"%s\" is not hex".formatted(name)), e);
      }
    }
  }

  /**
   * Opens and checks the log in {@code folder}, and mends what a power cut left behind; without any
   * file it is empty.
   *
   * @throws DamagedLogException when a line was changed, or is missing
   */
  static AuditLog open(Path folder) throws IOException {
    AuditLog log = new AuditLog(folder);
    log.read();
    return log;
  }

  List<Line> lines() {
    return List.copyOf(lines);
  }

  /** The number and the hash of the last line, by which two copies are told apart. */
  String head() {
    return "%d %s".formatted(lines.size(), head);
  }

  /** How many lines there were when that was the {@link #head}; -1 if it never was. */
  int indexOf(String known) {
    for (int count = lines.size(); count > 0; count--) {
      String hash = count == lines.size() ? head : lines.get(count).text("previous");
      if (known.equals("%d %s".formatted(count, hash))) {
        return count;
      }
    }
    return -1;
  }

  /**
   * Adds a line; it is on the disk when this returns.
   *
   * @param event one word
   * @param fields the caller's own; none of {@code n}, {@code previous}, {@code time}, {@code
   *     event}
   */
  Line append(Instant now, String event, Map<String, Json> fields) throws IOException {
    Json.Fields object =
        Json.object()
            .put("n", lines.size() + 1L)
            .put("previous", head)
            .put("time", now.toString())
            .put("event", event);
    fields.forEach(object::put);
    String text = object.end().toString();
    try (FileChannel out =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer left = ByteBuffer.wrap((text + "\n").getBytes(UTF_8));
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Line line = take(text);
    writeHead();
    return line;
  }

  private void writeHead() throws IOException {
    DurableFile.write(headFile, head().getBytes(UTF_8));
  }

  private void read() throws IOException {
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      for (String line : text.substring(0, whole).lines().toList()) {
        take(line);
      }
      requireHead();
      if (whole < text.length()) {
        cutOff(text.substring(0, whole).getBytes(UTF_8).length);
      }
    } else {
      requireHead();
    }
  }

  /** Takes up a line that follows the last. */
  private Line take(String text) {
    long number = lines.size() + 1L;
    Line line;
    try {
      if (!(JsonReader.read(text) instanceof JsonValue.Fields(Map<String, JsonValue> fields))) {
        throw new DamagedLogException(damaged(number, "it is no object"));
      }
      Line bare = new Line(number, Instant.EPOCH, "", fields);
      line = new Line(number, Instant.parse(bare.text("time")), bare.text("event"), fields);
    } catch (MalformedJsonException | DateTimeParseException e) {
      throw new DamagedLogException(damaged(number, String.valueOf(e.getMessage())), e);
    }
    if (line.natural("n") != number) {
      throw new DamagedLogException(
          damaged(
              number,
              "it says that it is line %d: lines are missing".formatted(line.natural("n"))));
    }
    if (!line.text("previous").equals(head)) {
      throw new DamagedLogException(
          damaged(number, "it does not follow from the line before: one of them was changed"));
    }
    lines.add(line);
    head = new ByteVector(text.getBytes(UTF_8)).sha256().toHex();
    return line;
  }

  /**
   * The head may be one line behind: that line was written, and then the power was cut. It is
   * written now, as the next cut would find it two behind.
   */
  private void requireHead() throws IOException {
    if (!Files.exists(headFile)) {
      if (!lines.isEmpty()) {
        throw new DamagedLogException(
            headFile
                + " is missing: put it back from a backup; if kgc init was cut short here, remove"
                + " the folder and make it again");
      }
      return;
    }
    String known = Files.readString(headFile).strip();
    String before =
        lines.isEmpty()
            ? ""
            : "%d %s".formatted(lines.size() - 1, lines.getLast().text("previous"));
    if (!known.equals(head()) && !known.equals(before)) {
      throw new DamagedLogException(
          ("%s is not the log that %s was written for (%s; it has %d lines): lines at its end are"
                  + " missing or were changed. Put both back from one backup")
              .formatted(file, headFile, known, lines.size()));
    }
    if (!known.equals(head())) {
      writeHead();
    }
  }

  private void cutOff(long whole) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.truncate(whole);
      out.force(true);
    }
    Logger.warn(
        "{}: the last line was not written to its end, and is cut off; what it was to say was not"
            + " done",
        file);
  }

  private static String damaged(long number, String what) {
    return "%s, line %d: %s. Put the folder back from a backup".formatted(NAME, number, what);
  }
}
