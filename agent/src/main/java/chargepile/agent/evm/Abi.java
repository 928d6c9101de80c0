package chargepile.agent.evm;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import com.esaulpaugh.headlong.abi.ABIType;
import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.ArrayType;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Our values as headlong's, and back. */
public final class Abi {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private Abi() {}

  /** A call of a function, its arguments as {@link #tuple(TupleType, List)} takes them. */
  static ByteVector call(Function function, Object... arguments) {
    return new ByteVector(
        function.encodeCall(tuple(function.getInputs(), Arrays.asList(arguments))).array());
  }

  /** A struct whose values are of the very types that headlong wants. */
  static Tuple tuple(Object... arguments) {
    return Tuple.from(Arrays.stream(arguments).map(Abi::value).toArray());
  }

  /**
   * Arguments in the order and the widths of a type: numbers of any width that fit, amounts, bytes,
   * addresses, texts; a list for a struct or an array.
   *
   * @throws IllegalArgumentException for a value that does not fit its type
   */
  static Tuple tuple(TupleType<?> type, List<?> arguments) {
    if (type.size() != arguments.size()) {
      throw new IllegalArgumentException(
          "%d values for %s".formatted(arguments.size(), type.getCanonicalType()));
    }
    return Tuple.from(
        IntStream.range(0, type.size())
            .mapToObj(i -> fit(type.get(i), arguments.get(i)))
            .toArray());
  }

  private static Object fit(ABIType<?> type, Object ours) {
    return switch (type) {
      case TupleType<?> struct when ours instanceof List<?> values -> tuple(struct, values);
      case ArrayType<?, ?, ?> array when ours instanceof List<?> values -> {
        Object fitted = Array.newInstance(array.clazz().getComponentType(), values.size());
        for (int i = 0; i < values.size(); i++) {
          Array.set(fitted, i, fit(array.getElementType(), values.get(i)));
        }
        yield fitted;
      }
      default -> number(type.clazz(), value(ours));
    };
  }

  private static Object number(Class<?> width, Object value) {
    if (!(value instanceof Number number)) {
      return value;
    }
    BigInteger whole =
        number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    if (width == Integer.class) {
      return whole.intValueExact();
    }
    return width == Long.class ? whole.longValueExact() : whole;
  }

  /** headlong's own types go through as they are. */
  private static Object value(Object ours) {
    return switch (ours) {
      case EvmAddress address ->
          Address.wrap(Address.toChecksumAddress(new BigInteger(1, address.value().toByteArray())));
      case VoucherChannelId id -> id.value().toByteArray();
      case EvmSignature signature -> signature.bytes().toByteArray();
      case ByteVector bytes -> bytes.toByteArray();
      case Amount amount -> BigInteger.valueOf(amount.value());
      default -> ours;
    };
  }

  public static EvmAddress address(Object found) {
    byte[] word = ((Address) found).value().toByteArray();
    byte[] bytes = new byte[20];
    int length = Math.min(bytes.length, word.length);
    System.arraycopy(word, word.length - length, bytes, bytes.length - length, length);
    return new EvmAddress(new ByteVector(bytes));
  }

  public static ByteVector32 hash(Object found) {
    return new ByteVector32((byte[]) found);
  }

  /** What is more than a long holds is told as the largest long. */
  public static long number(Object found) {
    return found instanceof BigInteger number
        ? number.min(LARGEST).longValueExact()
        : ((Number) found).longValue();
  }

  /** What is more than an amount holds is told as the largest amount. */
  public static Amount amount(Object found) {
    return new Amount(number(found));
  }
}
