package chargepile.agent.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * SHA-256 over what a row holds, stored in it. SQLite's own check looks at the shape of its pages
 * and not at what rows say: without this a medium could change a balance and nobody would know.
 */
final class RowDigest {
  private final MessageDigest digest;

  private RowDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static byte[] of(ChannelRow row) {
    SigningMarks marks = row.marks();
    return new RowDigest()
        .put(row.id().value().toByteArray())
        .put(row.peer().toByteArray())
        .put(row.stage().getBytes(StandardCharsets.UTF_8))
        .put(row.commitmentNumber())
        .put(row.localMsat())
        .put(row.remoteMsat())
        .put(row.capacitySat())
        .put(marks.remoteSigned())
        .put(marks.remoteSignedDigest())
        .put(marks.localStored())
        .put(marks.revoked())
        .put(row.state())
        .done();
  }

  static byte[] of(RegistersRow row) {
    return new RowDigest().put(row.importMwh()).put(row.exportMwh()).done();
  }

  static byte[] of(EvmTransactionRow row) {
    return new RowDigest()
        .put(row.key().getBytes(StandardCharsets.UTF_8))
        .put(row.nonce())
        .put(row.bytes())
        .done();
  }

  static byte[] of(byte[] session) {
    return new RowDigest().put(session).done();
  }

  /**
   * Tells a changed row apart. One without a digest is of an earlier version of the program.
   *
   * @param what the row holds
   */
  static void check(Path file, String what, byte[] stored, Supplier<byte[]> computed) {
    if (stored.length > 0 && !Arrays.equals(stored, computed.get())) {
      throw SqliteFailure.damaged(file, what + " is not what was stored", null);
    }
  }

  /** With its length, so that no two rows run together to the same bytes. */
  private RowDigest put(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
    return this;
  }

  private RowDigest put(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return this;
  }

  private byte[] done() {
    return digest.digest();
  }
}
