package chargepile.agent.evm;

import com.esaulpaugh.headlong.abi.ContractError;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What contracts say when they refuse a call, in words. Takes any bytes. Immutable. */
public final class Reverts {
  /** Knows what Solidity itself says, and no custom errors. */
  public static final Reverts PLAIN = new Reverts(List.of());

  private static final int SELECTOR = 4;
  private static final int LONGEST = 200;

  /** The panic codes of Solidity's documentation. */
  private static final Map<Integer, String> PANICS =
      Map.of(
          0x01, "a failed assertion",
          0x11, "an arithmetic overflow",
          0x12, "a division by zero",
          0x21, "a value outside of its enum",
          0x22, "a damaged storage array",
          0x31, "pop on an empty array",
          0x32, "an index beyond the array",
          0x41, "too much memory",
          0x51, "an unset function pointer");

  private final Map<ByteVector, ContractError<Tuple>> errors = new HashMap<>();

  /**
   * @param custom the errors that the contracts declare
   */
  Reverts(Collection<ContractError<Tuple>> custom) {
    List.of(
            new ContractError<Tuple>("Error", TupleType.parse("(string)")),
            new ContractError<Tuple>("Panic", TupleType.parse("(uint256)")))
        .forEach(this::add);
    custom.forEach(this::add);
  }

  private void add(ContractError<Tuple> error) {
    errors.put(new ByteVector(error.function().selector()), error);
  }

  /** One line for people. */
  public String words(ByteVector data) {
    if (data.isEmpty()) {
      return "no reason given";
    }
    if (data.size() >= SELECTOR) {
      ContractError<Tuple> error = errors.get(data.take(SELECTOR));
      if (error != null) {
        try {
          return words(error.function(), data);
        } catch (RuntimeException e) {
          // headlong throws several kinds on bytes that don't fit; the bytes are said instead.
          return error.getName() + " with what does not fit: " + shortened(data.toHex());
        }
      }
    }
    return "an unknown error 0x" + shortened(data.toHex());
  }

  private static String words(Function error, ByteVector data) {
    Tuple arguments = error.decodeCall(data.toByteArray());
    return switch (error.getName()) {
      case "Error" -> shortened(printable(arguments.get(0).toString()));
      case "Panic" -> panic(arguments.get(0));
      default ->
          shortened(
              StreamSupport.stream(arguments.spliterator(), false)
                  .map(Reverts::written)
                  .collect(Collectors.joining(", ", error.getName() + "(", ")")));
    };
  }

  private static String panic(BigInteger code) {
    String known = code.bitLength() > 8 ? null : PANICS.get(code.intValue());
    return "panic 0x%s%s".formatted(code.toString(16), known == null ? "" : ", " + known);
  }

  private static String written(Object argument) {
    return argument instanceof byte[] bytes
        ? "0x" + HexFormat.of().formatHex(bytes)
        : printable(argument.toString());
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
