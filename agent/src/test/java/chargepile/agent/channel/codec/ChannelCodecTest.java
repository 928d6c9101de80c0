package chargepile.agent.channel.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelStates;
import chargepile.agent.channel.Link;
import chargepile.agent.codec.MalformedStateException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored bytes that were damaged are told apart from stored bytes, and cost no more memory. */
class ChannelCodecTest {
  /** What a damaged state may make the reader allocate for each of its bytes. */
  private static final long ALLOCATION_PER_BYTE = 400;

  private static List<Channel> states;

  @BeforeAll
  static void live() {
    states = ChannelStates.ofEveryStage();
  }

  @Test
  void everyStageSurvivesItsBytesButForTheLink() {
    for (Channel state : states) {
      Channel read = ChannelCodec.decode(ChannelCodec.encode(state));
      assertEquals(state.stage(), read.stage());
      assertEquals(Link.DOWN, read.link());
    }
  }

  @Test
  void everyTruncationIsMalformed() {
    for (Channel state : states) {
      byte[] bytes = ChannelCodec.encode(state);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(
            MalformedStateException.class,
            () -> ChannelCodec.decode(cut),
            () -> state.stage().title() + " cut to " + cut.length);
      }
    }
  }

  @Test
  void bytesLeftOverAreMalformed() {
    for (Channel state : states) {
      byte[] bytes = ChannelCodec.encode(state);
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThrows(MalformedStateException.class, () -> ChannelCodec.decode(longer));
    }
  }

  @Test
  void anotherVersionIsRefusedByItsNumber() {
    byte[] bytes = ChannelCodec.encode(Channel.NEW);
    bytes[0] = 9;
    String text =
        assertThrows(MalformedStateException.class, () -> ChannelCodec.decode(bytes)).getMessage();
    assertTrue(String.valueOf(text).contains("version 9"), () -> text);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void flippedBytesAreMalformedOrAnotherState(long seed) {
    Random random = new Random(seed);
    for (Channel state : states) {
      byte[] bytes = ChannelCodec.encode(state);
      for (int i = 0; i < 400; i++) {
        byte[] flipped = bytes.clone();
        for (int j = 1 + random.nextInt(3); j > 0; j--) {
          flipped[random.nextInt(flipped.length)] =
              random.nextBoolean() ? (byte) random.nextInt() : (byte) 0x7f;
        }
        decodeOrRefuse(flipped, state);
      }
    }
  }

  private static void decodeOrRefuse(byte[] bytes, Channel state) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    try {
      ChannelCodec.decode(bytes);
    } catch (MalformedStateException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 10, "the error says something");
    } catch (RuntimeException e) {
      throw new AssertionError(state.stage().title() + " damaged: " + e, e);
    }
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    long most = 200_000 + ALLOCATION_PER_BYTE * bytes.length;
    assertTrue(
        allocated < most, () -> "%,d bytes allocated for %,d".formatted(allocated, bytes.length));
  }
}
