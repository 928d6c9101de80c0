package chargepile.agent.evm;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.math.BigInteger;
import java.util.Arrays;

/** Our values as headlong's, and back. */
final class Abi {
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private Abi() {}

  /** A call of a function, its arguments as {@link #value} takes them. */
  static ByteVector call(Function function, Object... arguments) {
    return new ByteVector(function.encodeCall(tuple(arguments)).array());
  }

  static Tuple tuple(Object... arguments) {
    return Tuple.from(Arrays.stream(arguments).map(Abi::value).toArray());
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

  static EvmAddress address(Object found) {
    byte[] word = ((Address) found).value().toByteArray();
    byte[] bytes = new byte[20];
    int length = Math.min(bytes.length, word.length);
    System.arraycopy(word, word.length - length, bytes, bytes.length - length, length);
    return new EvmAddress(new ByteVector(bytes));
  }

  static ByteVector32 hash(Object found) {
    return new ByteVector32((byte[]) found);
  }

  /** What is more than a long holds is told as the largest long. */
  static long number(Object found) {
    return found instanceof BigInteger number
        ? number.min(LARGEST).longValueExact()
        : ((Number) found).longValue();
  }

  /** What is more than an amount holds is told as the largest amount. */
  static Amount amount(Object found) {
    return new Amount(number(found));
  }
}
