package chargepile.agent.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Breeds hostile inputs: a seed is an input. */
final class Hostile {
  /** Above every limit that a door has of its own. */
  private static final int LONGEST = 200_000;

  /** What parsers trip over. */
  private static final List<byte[]> TOKENS =
      List.of(
          text("99999999999999999999"),
          text("-1"),
          text("1e999999999"),
          text("["),
          text("[["),
          text("{\"a\":"),
          text("\"\\ud800\""),
          text("\"\"\""),
          text("\0"),
          text("\uFEFF"),
          text(","),
          text("\n"),
          text("null"),
          text("NaN"),
          text("a.b"),
          text("/a"),
          new byte[] {(byte) 0xfd, (byte) 0xff, (byte) 0xff},
          new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f},
          new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80},
          new byte[] {(byte) 0xc3, 0x28});

  private final List<byte[]> samples;
  private final Random random;

  private Hostile(List<byte[]> samples, long seed) {
    this.samples = samples;
    this.random = new Random(seed * 0x9e3779b97f4a7c15L);
  }

  /** The input that belongs to a seed. */
  static byte[] input(List<byte[]> samples, long seed) {
    return new Hostile(samples, seed).breed();
  }

  private byte[] breed() {
    if (random.nextInt(16) == 0) {
      return noise(random.nextInt(1 << random.nextInt(1, 12)));
    }
    byte[] input = sample().clone();
    for (int changes = 1 + random.nextInt(1 << random.nextInt(4)); changes > 0; changes--) {
      input = mutated(input);
    }
    return input.length <= LONGEST ? input : Arrays.copyOf(input, LONGEST);
  }

  private byte[] mutated(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + random.nextInt(1 << random.nextInt(1, 8)));
    byte[] slice = Arrays.copyOfRange(input, at, end);
    return switch (random.nextInt(10)) {
      case 0 -> flipped(input);
      case 1 -> Arrays.copyOf(input, at);
      case 2 -> spliced(input, at, end, new byte[0]);
      case 3 -> spliced(input, at, end, noise(slice.length));
      case 4 -> spliced(input, end, end, slice);
      case 5 -> spliced(input, end, end, repeated(slice));
      case 6 -> spliced(input, at, end, piece(sample()));
      case 7 -> spliced(input, at, at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 8 -> spliced(input, at, at, repeated(TOKENS.get(random.nextInt(TOKENS.size()))));
      default -> withNumber(input, at);
    };
  }

  private byte[] flipped(byte[] input) {
    byte[] output = input.clone();
    if (output.length > 0) {
      output[random.nextInt(output.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return output;
  }

  /** An integer of 1 to 8 bytes that is, if it was a count or a length, a wrong one. */
  private byte[] withNumber(byte[] input, int at) {
    int width = 1 << random.nextInt(4);
    if (input.length < width) {
      return input;
    }
    long[] wrong = {
      0,
      1,
      -1,
      Long.MAX_VALUE >>> (64 - 8 * width),
      Long.MIN_VALUE >>> (64 - 8 * width),
      input.length,
      input.length - at + random.nextInt(-2, 3),
      random.nextLong()
    };
    ByteBuffer number =
        ByteBuffer.allocate(8)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .putLong(wrong[random.nextInt(wrong.length)]);
    int from = number.order() == ByteOrder.BIG_ENDIAN ? 8 - width : 0;
    byte[] output = input.clone();
    number.get(from, output, Math.min(at, input.length - width), width);
    return output;
  }

  private byte[] repeated(byte[] slice) {
    int times = 1 << random.nextInt(random.nextInt(8) == 0 ? 15 : 6);
    byte[] output = new byte[slice.length * Math.min(times, LONGEST / Math.max(1, slice.length))];
    for (int i = 0; i < output.length; i++) {
      output[i] = slice[i % slice.length];
    }
    return output;
  }

  private byte[] piece(byte[] whole) {
    int from = random.nextInt(whole.length + 1);
    return Arrays.copyOfRange(whole, from, from + random.nextInt(whole.length - from + 1));
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] sample() {
    return samples.get(random.nextInt(samples.size()));
  }

  /** {@code input} with what is from {@code at} to {@code end} replaced. */
  private static byte[] spliced(byte[] input, int at, int end, byte[] piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + piece.length);
    out.write(input, 0, at);
    out.writeBytes(piece);
    out.write(input, end, input.length - end);
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
