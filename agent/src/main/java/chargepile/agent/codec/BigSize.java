package chargepile.agent.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * BOLT 1's variable-length unsigned integer: one byte up to 252, else a prefix of {@code fd},
 * {@code fe} or {@code ff} and 2, 4 or 8 bytes, big-endian and minimal. Values are unsigned longs.
 */
public final class BigSize {
  private static final long U16 = 0xffffL;
  private static final long U32 = 0xffff_ffffL;

  private BigSize() {}

  /** Reads one value; throws {@link IllegalArgumentException} when cut short or not minimal. */
  public static long read(ByteBuffer in) {
    need(in, 1);
    int first = in.get() & 0xff;
    return switch (first) {
      case 0xfd -> minimal(need(in, 2).getShort() & U16, 0xfd);
      case 0xfe -> minimal(need(in, 4).getInt() & U32, U16 + 1);
      case 0xff -> minimal(need(in, 8).getLong(), U32 + 1);
      default -> first;
    };
  }

  /** The shortest form. */
  public static void write(ByteArrayOutputStream out, long value) {
    if (Long.compareUnsigned(value, 0xfd) < 0) {
      out.write((int) value);
    } else if (Long.compareUnsigned(value, U16) <= 0) {
      out.write(0xfd);
      bigEndian(out, value, 2);
    } else if (Long.compareUnsigned(value, U32) <= 0) {
      out.write(0xfe);
      bigEndian(out, value, 4);
    } else {
      out.write(0xff);
      bigEndian(out, value, 8);
    }
  }

  /** The low {@code bytes} bytes of {@code value}, the highest first. */
  public static void bigEndian(ByteArrayOutputStream out, long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  private static ByteBuffer need(ByteBuffer in, int bytes) {
    if (in.remaining() < bytes) {
      throw new IllegalArgumentException("a number is cut short");
    }
    return in;
  }

  private static long minimal(long value, long least) {
    if (Long.compareUnsigned(value, least) < 0) {
      throw new IllegalArgumentException("a number is not minimally encoded");
    }
    return value;
  }
}
