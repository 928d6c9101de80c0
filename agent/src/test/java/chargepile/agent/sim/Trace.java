package chargepile.agent.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/** What happened in a run, as a hash, and its latest lines for people. */
final class Trace {
  private static final int LINES = 60;

  private final MessageDigest digest;
  private final Deque<String> lines = new ArrayDeque<>();
  private long events;

  Trace() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Counts in the hash only: there is too much of it to be read. */
  void note(long nanos, byte[] bytes) {
    events++;
    digest.update(ByteBuffer.allocate(8).putLong(nanos).array());
    digest.update(bytes);
  }

  void add(long nanos, String line) {
    events++;
    digest.update(ByteBuffer.allocate(8).putLong(nanos).array());
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    lines.add("%10.3f s  %s".formatted(nanos / 1e9, line));
    if (lines.size() > LINES) {
      lines.remove();
    }
  }

  long events() {
    return events;
  }

  /** The hash so far; once. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
