package chargepile.agent.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Encrypted frames over a carrier that loses, repeats, reorders and forges.
 *
 * <pre>
 *   0        type = 4
 *   1..8     counter, big-endian; 0 for the first frame of a direction
 *   9..n-17  ciphertext, ChaCha20
 *   n-16..   tag, Poly1305
 * </pre>
 *
 * <p>Bytes 0 to 8 and the topic's name in UTF-8 are the associated data, so that a frame counts
 * only where it was sent to. Each direction has its own {@link KeyRatchet}. Not thread-safe.
 */
public final class FrameCipher {
  /** The most bytes a frame may have. */
  public static final int MAX_FRAME_BYTES = 65_536;

  static final byte TYPE = 4;
  static final int HEADER_BYTES = 9;

  /** The most bytes a frame may carry. */
  public static final int MAX_CONTENT_BYTES = MAX_FRAME_BYTES - HEADER_BYTES - Aead.TAG_BYTES;

  /** How far behind the newest frame another may come. */
  static final int WINDOW = 64;

  /** How far past the newest frame another may come: bounds the keys a forger makes us derive. */
  static final int MAX_AHEAD = 10 * KeyRatchet.MESSAGES_PER_KEY;

  /** Why a frame was discarded. */
  public enum Reason {
    NOT_A_FRAME,
    TOO_LONG,
    REPLAYED,
    TOO_OLD,
    TOO_FAR_AHEAD,
    NOT_AUTHENTIC
  }

  /** What came of a frame. */
  public sealed interface Result permits Opened, Discarded {}

  /**
   * A frame of the peer's.
   *
   * @param skipped frames missing before this one; 0 when it is the next in order, below 0 when it
   *     was overtaken
   */
  public record Opened(byte[] content, long counter, long skipped) implements Result {}

  /** A frame that changed nothing. */
  public record Discarded(Reason reason) implements Result {}

  private final KeyRatchet sending;
  private final KeyRatchet receiving;
  private final byte[] sendTopic;
  private final byte[] receiveTopic;
  private final Map<Reason, Long> discarded = new EnumMap<>(Reason.class);
  private long nextToSend;
  private long nextToReceive;

  /** Bit {@code i} stands for frame {@code nextToReceive - 1 - i}. */
  private long seen;

  FrameCipher(TransportKeys keys, String sendTopic, String receiveTopic) {
    this.sending = new KeyRatchet(keys.sendKey(), keys.chainingKey());
    this.receiving = new KeyRatchet(keys.receiveKey(), keys.chainingKey());
    this.sendTopic = sendTopic.getBytes(StandardCharsets.UTF_8);
    this.receiveTopic = receiveTopic.getBytes(StandardCharsets.UTF_8);
  }

  /** The next frame; throws {@link IllegalArgumentException} for too much content. */
  public byte[] seal(byte[] content) {
    if (content.length > MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException(
          "a frame carries %d bytes, not %d".formatted(MAX_CONTENT_BYTES, content.length));
    }
    long counter = nextToSend++;
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).put(TYPE).putLong(counter).array();
    byte[] sealed = sending.seal(counter, associated(header, sendTopic), content);
    return ByteBuffer.allocate(HEADER_BYTES + sealed.length).put(header).put(sealed).array();
  }

  /** Checks and decrypts a frame; never throws for what a peer or broker sends. */
  public Result open(byte[] frame) {
    if (frame.length < HEADER_BYTES + Aead.TAG_BYTES || frame[0] != TYPE) {
      return discard(Reason.NOT_A_FRAME);
    }
    if (frame.length > MAX_FRAME_BYTES) {
      return discard(Reason.TOO_LONG);
    }
    long counter = ByteBuffer.wrap(frame).getLong(1);
    if (counter < 0 || counter > nextToReceive + MAX_AHEAD) {
      return discard(Reason.TOO_FAR_AHEAD);
    }
    long behind = nextToReceive - 1 - counter;
    if (behind >= WINDOW) {
      return discard(Reason.TOO_OLD);
    }
    if (behind >= 0 && (seen >>> behind & 1) == 1) {
      return discard(Reason.REPLAYED);
    }
    Optional<byte[]> content =
        receiving.open(
            counter,
            associated(frame, receiveTopic),
            frame,
            HEADER_BYTES,
            frame.length - HEADER_BYTES);
    if (content.isEmpty()) {
      return discard(Reason.NOT_AUTHENTIC);
    }
    long skipped = counter - nextToReceive;
    mark(counter);
    return new Opened(content.get(), counter, skipped);
  }

  /** How many frames were discarded, by reason. */
  public Map<Reason, Long> discarded() {
    return Map.copyOf(discarded);
  }

  private void mark(long counter) {
    long step = counter - nextToReceive + 1;
    if (step > 0) {
      seen = step >= WINDOW ? 0 : seen << step;
      nextToReceive = counter + 1;
    }
    seen |= 1L << (nextToReceive - 1 - counter);
  }

  private Discarded discard(Reason reason) {
    discarded.merge(reason, 1L, Long::sum);
    return new Discarded(reason);
  }

  /** The header that {@code frame} starts with, and the topic. */
  private static byte[] associated(byte[] frame, byte[] topic) {
    return ByteBuffer.allocate(HEADER_BYTES + topic.length)
        .put(frame, 0, HEADER_BYTES)
        .put(topic)
        .array();
  }
}
