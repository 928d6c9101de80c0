package chargepile.hal.gpio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers and structures of the GPIO character device, uAPI v2 ({@code linux/gpio.h}). All fields
 * are in the machine's own byte order.
 */
final class Uapi {
  static final long GET_CHIPINFO = 0x8044B401L;
  static final long GET_LINEINFO = 0xC100B405L;
  static final long GET_LINE = 0xC250B407L;
  static final long GET_VALUES = 0xC010B40EL;
  static final long SET_VALUES = 0xC010B40FL;

  static final int CHIPINFO_BYTES = 68;
  static final int LINEINFO_BYTES = 256;
  static final int REQUEST_BYTES = 592;
  static final int VALUES_BYTES = 16;
  static final int EVENT_BYTES = 48;

  static final long FLAG_USED = 1L;
  static final long FLAG_INPUT = 1L << 2;
  static final long FLAG_OUTPUT = 1L << 3;
  static final long FLAG_EDGE_RISING = 1L << 4;
  static final long FLAG_EDGE_FALLING = 1L << 5;
  static final long FLAG_PULL_UP = 1L << 8;
  static final long FLAG_PULL_DOWN = 1L << 9;
  static final long FLAG_BIAS_DISABLED = 1L << 10;

  static final int ATTRIBUTE_OUTPUT_VALUES = 2;
  static final int ATTRIBUTE_DEBOUNCE = 3;

  private static final int NAME_BYTES = 32;
  private static final int EVENT_RISING = 1;
  private static final int EVENT_FALLING = 2;

  // struct gpio_v2_line_request: offsets[64] at 0, consumer[32], config, num_lines, buffer, fd
  private static final int REQUEST_CONSUMER = 256;
  private static final int REQUEST_FLAGS = 288;
  private static final int REQUEST_ATTRIBUTE_COUNT = 296;
  private static final int REQUEST_ATTRIBUTES = 320;
  private static final int REQUEST_LINE_COUNT = 560;
  private static final int REQUEST_EVENT_BUFFER = 564;
  private static final int REQUEST_FD = 588;

  private Uapi() {}

  /** {@code struct gpiochip_info}: name[32], label[32], lines u32. */
  record ChipDescription(String label, int lines) {
    static ChipDescription decode(MemorySegment struct) {
      return new ChipDescription(text(struct, NAME_BYTES), struct.get(JAVA_INT, 64));
    }
  }

  /** {@code struct gpio_v2_line_info}: name[32], consumer[32], offset u32, ..., flags u64 at 72. */
  record LineDescription(String consumer, boolean used) {
    static MemorySegment question(Arena arena, int offset) {
      MemorySegment struct = arena.allocate(LINEINFO_BYTES, 8);
      struct.set(JAVA_INT, 64, offset);
      return struct;
    }

    static LineDescription decode(MemorySegment struct) {
      return new LineDescription(
          text(struct, NAME_BYTES), (struct.get(JAVA_LONG, 72) & FLAG_USED) != 0);
    }
  }

  /** {@code struct gpio_v2_line_request} for one line. */
  static MemorySegment encode(Arena arena, LineRequest request) {
    MemorySegment struct = arena.allocate(REQUEST_BYTES, 8);
    struct.set(JAVA_INT, 0, request.offset());
    byte[] consumer = request.consumer().getBytes(StandardCharsets.UTF_8);
    byte[] fitting = Arrays.copyOf(consumer, Math.min(consumer.length, NAME_BYTES - 1));
    MemorySegment.copy(fitting, 0, struct, JAVA_BYTE, REQUEST_CONSUMER, fitting.length);
    struct.set(JAVA_LONG, REQUEST_FLAGS, request.flags());
    switch (request) {
      case LineRequest.Input input -> {
        struct.set(JAVA_INT, REQUEST_EVENT_BUFFER, input.eventBuffer());
        if (input.debounceMicros() > 0) {
          attribute(struct, ATTRIBUTE_DEBOUNCE);
          struct.set(JAVA_INT, REQUEST_ATTRIBUTES + 8, input.debounceMicros());
        }
      }
      case LineRequest.Output output -> {
        attribute(struct, ATTRIBUTE_OUTPUT_VALUES);
        struct.set(JAVA_LONG, REQUEST_ATTRIBUTES + 8, output.high() ? 1 : 0);
      }
    }
    struct.set(JAVA_INT, REQUEST_LINE_COUNT, 1);
    return struct;
  }

  /** The descriptor that the kernel wrote into an answered request. */
  static int lineFd(MemorySegment request) {
    return request.get(JAVA_INT, REQUEST_FD);
  }

  /** {@code struct gpio_v2_line_values}: bits u64, mask u64; one line. */
  static MemorySegment values(Arena arena, boolean high) {
    MemorySegment struct = arena.allocate(VALUES_BYTES, 8);
    struct.set(JAVA_LONG, 0, high ? 1 : 0);
    struct.set(JAVA_LONG, 8, 1);
    return struct;
  }

  static boolean high(MemorySegment values) {
    return (values.get(JAVA_LONG, 0) & 1) != 0;
  }

  /** One {@code struct gpio_v2_line_event} of a buffer of them. */
  static LineEvent event(MemorySegment events, int index) {
    MemorySegment struct = events.asSlice((long) index * EVENT_BYTES, EVENT_BYTES);
    int id = struct.get(JAVA_INT, 8);
    if (id != EVENT_RISING && id != EVENT_FALLING) {
      throw new IllegalStateException("the kernel sent a line event of unknown kind " + id);
    }
    return new LineEvent(
        struct.get(JAVA_LONG, 0),
        id == EVENT_RISING,
        Integer.toUnsignedLong(struct.get(JAVA_INT, 20)));
  }

  /** The first and only attribute: id u32, padding u32, value u64, mask u64. */
  private static void attribute(MemorySegment struct, int id) {
    struct.set(JAVA_INT, REQUEST_ATTRIBUTE_COUNT, 1);
    struct.set(JAVA_INT, REQUEST_ATTRIBUTES, id);
    struct.set(JAVA_LONG, REQUEST_ATTRIBUTES + 16, 1);
  }

  private static String text(MemorySegment struct, int at) {
    byte[] bytes = struct.asSlice(at, NAME_BYTES).toArray(JAVA_BYTE);
    int length = 0;
    while (length < NAME_BYTES && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
