package chargepile.agent.channel.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every message and for every string of bytes. */
final class MessageCodecPropertyTest {
  @Property(tries = 2000)
  void whatIsEncodedDecodesToTheSame(@ForAll MessageType type, @ForAll long seed)
      throws MalformedMessageException {
    ChannelMessage message = new AnyMessage(seed).next(type);
    byte[] bytes = MessageCodec.encode(message);
    assertEquals(Optional.of(message), MessageCodec.decode(bytes));
  }

  @Property(tries = 100)
  void aTruncatedMessageIsRefusedOrIsWholeWithoutItsLastRecord(
      @ForAll MessageType type, @ForAll long seed) {
    byte[] bytes = MessageCodec.encode(new AnyMessage(seed).next(type));
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      try {
        ChannelMessage whole = MessageCodec.decode(part).orElseThrow();
        assertArrayEquals(part, MessageCodec.encode(whole));
      } catch (MalformedMessageException e) {
        assertFalse(e.problem().isEmpty());
      }
    }
  }

  @Property(tries = 3000)
  void randomBytesAreAMessageOrMalformed(
      @ForAll MessageType type, @ForAll byte[] bytes, @ForAll boolean known) {
    byte[] message = bytes.clone();
    if (known && message.length >= 2) {
      message[0] = (byte) (type.code >>> 8);
      message[1] = (byte) type.code;
    }
    decodesOrIsMalformed(message);
  }

  @Property(tries = 3000)
  void aDamagedMessageIsAMessageOrMalformed(
      @ForAll MessageType type, @ForAll long seed, @ForAll int where, @ForAll byte what) {
    byte[] bytes = MessageCodec.encode(new AnyMessage(seed).next(type));
    bytes[Math.floorMod(where, bytes.length)] ^= what;
    decodesOrIsMalformed(bytes);
  }

  /** Anything but a message, nothing or {@link MalformedMessageException} fails the property. */
  private static void decodesOrIsMalformed(byte[] bytes) {
    try {
      MessageCodec.decode(bytes)
          .ifPresent(message -> assertTrue(MessageCodec.encode(message).length > 2));
    } catch (MalformedMessageException e) {
      assertFalse(e.problem().isEmpty());
    }
  }
}
