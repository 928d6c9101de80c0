package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bytes as {@code linux/gpio.h} lays them out. */
class UapiTest {

  @Test
  void anInputRequestHasBothEdgesPullUpAndABigBuffer() {
    LineRequest request =
        new LineRequest.Input(17, "import pulses", LineRequest.Bias.PULL_UP, 0, 1024);

    ByteBuffer bytes = encoded(request);

    assertEquals(592, bytes.capacity());
    assertEquals(17, bytes.getInt(0), "offsets[0]");
    assertEquals("import pulses", text(bytes, 256));
    assertEquals(1 << 2 | 1 << 4 | 1 << 5 | 1 << 8, bytes.getLong(288), "flags");
    assertEquals(0, bytes.getInt(296), "no attribute: kernel debounce stays off");
    assertEquals(1, bytes.getInt(560), "num_lines");
    assertEquals(1024, bytes.getInt(564), "event_buffer_size");
  }

  @Test
  void aDebouncedInputCarriesThePeriodAsItsOnlyAttribute() {
    ByteBuffer bytes =
        encoded(new LineRequest.Input(5, "plug", LineRequest.Bias.PULL_DOWN, 50_000, 16));

    assertEquals(1 << 2 | 1 << 4 | 1 << 5 | 1 << 9, bytes.getLong(288), "flags");
    assertEquals(1, bytes.getInt(296), "num_attrs");
    assertEquals(3, bytes.getInt(320), "GPIO_V2_LINE_ATTR_ID_DEBOUNCE");
    assertEquals(50_000, bytes.getInt(328), "debounce_period_us");
    assertEquals(1, bytes.getLong(336), "mask");
  }

  @Test
  void anOutputRequestCarriesItsFirstLevel() {
    ByteBuffer high = encoded(new LineRequest.Output(27, "contactor", true));
    ByteBuffer low = encoded(new LineRequest.Output(27, "contactor", false));

    assertEquals(1 << 3, high.getLong(288), "flags");
    assertEquals(2, high.getInt(320), "GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES");
    assertEquals(1, high.getLong(328), "values");
    assertEquals(0, low.getLong(328), "values");
    assertEquals(1, low.getLong(336), "mask");
  }

  @Test
  void aLongConsumerIsCutAndStaysTerminated() {
    ByteBuffer bytes = encoded(new LineRequest.Output(1, "c".repeat(40), false));

    assertEquals("c".repeat(31), text(bytes, 256));
  }

  @Test
  void anEventGivesTimeKindAndLineSequence() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(96).order(ByteOrder.nativeOrder());
    bytes.putLong(48, 123_456_789_012L).putInt(56, 2).putInt(60, 17);
    bytes.putInt(64, 99).putInt(68, 0xFFFF_FFFF);

    LineEvent event = Uapi.event(MemorySegment.ofBuffer(bytes), 1);

    assertEquals(new LineEvent(123_456_789_012L, false, 0xFFFF_FFFFL), event);
  }

  @Test
  void anEventOfUnknownKindIsRefused() {
    MemorySegment events =
        MemorySegment.ofBuffer(ByteBuffer.allocateDirect(48).order(ByteOrder.nativeOrder()));

    assertThrows(IllegalStateException.class, () -> Uapi.event(events, 0));
  }

  @Test
  void aLineDescriptionNamesItsUser() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = Uapi.LineDescription.question(arena, 17);
      ByteBuffer bytes = struct.asByteBuffer().order(ByteOrder.nativeOrder());
      assertEquals(256, bytes.capacity());
      assertEquals(17, bytes.getInt(64), "offset");
      bytes.put(32, "w1".getBytes(StandardCharsets.UTF_8)).putLong(72, 1);

      assertEquals(new Uapi.LineDescription("w1", true), Uapi.LineDescription.decode(struct));
    }
  }

  @Test
  void theFirstBitOfTheValuesIsTheLine() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = Uapi.values(arena, true);
      assertTrue(Uapi.high(values));
      assertEquals(1, values.get(ValueLayout.JAVA_LONG, 8), "mask");
      assertFalse(Uapi.high(Uapi.values(arena, false)));
    }
  }

  private static ByteBuffer encoded(LineRequest request) {
    MemorySegment struct = Uapi.encode(Arena.ofAuto(), request);
    return struct.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  private static String text(ByteBuffer bytes, int at) {
    return MemorySegment.ofBuffer(bytes).getString(at, StandardCharsets.UTF_8);
  }
}
