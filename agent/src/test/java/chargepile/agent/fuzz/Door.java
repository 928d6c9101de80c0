package chargepile.agent.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A place where input from outside comes in.
 *
 * @param samples valid inputs, from which hostile ones are bred
 * @param refusal the only exception that may come out; none where everything must be taken
 * @param bytesPerByte what it may allocate for each byte that comes in, beside what it may anyway
 * @param share of the inputs that come to this door, one in so many: more where one takes long
 */
public record Door(
    String name,
    List<byte[]> samples,
    Optional<Class<? extends Exception>> refusal,
    long bytesPerByte,
    int share,
    Entrance entrance) {
  private static final long BYTES_PER_BYTE = 1000;

  /** Takes one input, with nothing left of those before: the same input does the same again. */
  @FunctionalInterface
  public interface Entrance {
    void take(byte[] input) throws Exception;
  }

  /** Takes one text. */
  @FunctionalInterface
  public interface TextEntrance {
    void take(String input) throws Exception;
  }

  public static Door of(
      String name, List<byte[]> samples, Class<? extends Exception> refusal, Entrance entrance) {
    return new Door(name, samples, Optional.of(refusal), BYTES_PER_BYTE, 1, entrance);
  }

  /** A door for text, whose input is read as UTF-8 with replacements. */
  public static Door ofText(
      String name,
      List<String> samples,
      Class<? extends Exception> refusal,
      TextEntrance entrance) {
    return of(
        name,
        samples.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList(),
        refusal,
        input -> entrance.take(new String(input, StandardCharsets.UTF_8)));
  }

  /** A door that must take everything. */
  public static Door open(String name, List<byte[]> samples, Entrance entrance) {
    return new Door(name, samples, Optional.empty(), BYTES_PER_BYTE, 1, entrance);
  }

  /** The same door for one in {@code share} inputs. */
  public Door oneIn(int share) {
    return new Door(name, samples, refusal, bytesPerByte, share, entrance);
  }

  /** The same door, where so much may be allocated for each byte. */
  public Door costing(long most) {
    return new Door(name, samples, refusal, most, share, entrance);
  }

  @Override
  public String toString() {
    return name;
  }
}
