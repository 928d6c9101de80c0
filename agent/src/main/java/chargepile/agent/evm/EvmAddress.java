package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An account or contract of an EVM chain.
 *
 * @param bytes 20 of them
 */
public record EvmAddress(ByteVector bytes) {
  public static final int LENGTH = 20;
  public static final EvmAddress ZERO = new EvmAddress(new ByteVector(new byte[LENGTH]));

  private static final Pattern FORM = Pattern.compile("0x[0-9a-fA-F]{40}");

  public EvmAddress {
    if (bytes.size() != LENGTH) {
      throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.size());
    }
  }

  /**
   * The address in its written form.
   *
   * @throws IllegalArgumentException when it is none, or its mixed case is not its EIP-55 checksum
   */
  public static EvmAddress parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "an address is 0x and 40 hexadecimal digits, not '%s'".formatted(shortened(text)));
    }
    String digits = text.substring(2);
    var address = new EvmAddress(new ByteVector(HexFormat.of().parseHex(digits)));
    boolean mixed =
        !digits.equals(digits.toLowerCase(Locale.ROOT))
            && !digits.equals(digits.toUpperCase(Locale.ROOT));
    if (mixed && !address.toString().equals(text)) {
      throw new IllegalArgumentException(
          "the upper and lower case of %s is not its checksum (EIP-55): a digit is wrong"
              .formatted(text));
    }
    return address;
  }

  /** The last 20 bytes of the hash of the uncompressed key. */
  public static EvmAddress of(PublicKey key) {
    return new EvmAddress(Keccak256.of(CurvePoints.uncompressed(key)).takeRight(LENGTH));
  }

  /** The low 160 bits of a word, as topics and ABI words carry it. */
  static EvmAddress ofWord(ByteVector word) {
    return new EvmAddress(word.takeRight(LENGTH));
  }

  BigInteger number() {
    return new BigInteger(1, bytes.toByteArray());
  }

  /** With the checksum of EIP-55 in its upper and lower case. */
  @Override
  public String toString() {
    String digits = bytes.toHex();
    String hash = Keccak256.of(digits.getBytes(StandardCharsets.US_ASCII)).toHex();
    StringBuilder out = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      out.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
    }
    return out.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
