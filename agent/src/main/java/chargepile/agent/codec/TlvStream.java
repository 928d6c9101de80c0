package chargepile.agent.codec;

import fr.acinq.bitcoin.ByteVector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The type-length-value records that end a message (BOLT 1). */
public final class TlvStream {
  private TlvStream() {}

  /**
   * Reads {@code in} to its end and returns the records of {@code known} types. Unknown odd types
   * are skipped; throws {@link IllegalArgumentException} for an unknown even type, types that do
   * not strictly rise, numbers that are not minimal and values that are cut short.
   */
  public static Map<Long, ByteVector> read(ByteBuffer in, Set<Long> known) {
    SortedMap<Long, ByteVector> records = new TreeMap<>(Long::compareUnsigned);
    boolean first = true;
    long previous = 0;
    while (in.hasRemaining()) {
      long type = BigSize.read(in);
      if (!first && Long.compareUnsigned(type, previous) <= 0) {
        throw new IllegalArgumentException(
            "TLV type %s after %s, types must rise"
                .formatted(Long.toUnsignedString(type), Long.toUnsignedString(previous)));
      }
      first = false;
      previous = type;
      long length = BigSize.read(in);
      if (Long.compareUnsigned(length, in.remaining()) > 0) {
        throw new IllegalArgumentException(
            "TLV type %s claims %s bytes, %d remain"
                .formatted(
                    Long.toUnsignedString(type), Long.toUnsignedString(length), in.remaining()));
      }
      if (known.contains(type)) {
        byte[] value = new byte[(int) length];
        in.get(value);
        records.put(type, new ByteVector(value));
      } else if ((type & 1) == 0) {
        throw new IllegalArgumentException("unknown even TLV type " + Long.toUnsignedString(type));
      } else {
        in.position(in.position() + (int) length);
      }
    }
    return records;
  }

  /** Adds a record; the caller adds them in the order of their types. */
  public static void write(ByteArrayOutputStream out, long type, byte[] value) {
    BigSize.write(out, type);
    BigSize.write(out, value.length);
    out.writeBytes(value);
  }
}
