package chargepile.agent.ocmf;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** Values of an enumeration by the code that stands for each in a record. */
final class Codes {
  private Codes() {}

  static <T> Optional<T> find(T[] values, Function<T, String> code, String wanted) {
    return Arrays.stream(values).filter(value -> code.apply(value).equals(wanted)).findFirst();
  }
}
