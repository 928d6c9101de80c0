package chargepile.agent.crypto;

import chargepile.agent.units.EvmAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** Addresses whose capital letters are a checksum (EIP-55). */
public final class Eip55 {
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9A-Fa-f]{40}");
  private static final Pattern ONE_CASE = Pattern.compile("0x([0-9a-f]{40}|[0-9A-F]{40})");

  /** A digit of the hash that makes a letter a capital. */
  private static final int HALF = 8;

  private Eip55() {}

  /** Whether it is {@code 0x} and 40 hexadecimal digits of any case. */
  public static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /** Whether it is an address without a checksum, all in one case, or with the right one. */
  public static boolean isSound(String text) {
    return isAddress(text)
        && (ONE_CASE.matcher(text).matches() || text.equals(write(EvmAddress.of(text))));
  }

  /** With the checksum. */
  public static String write(EvmAddress address) {
    String digits = address.value().toHex();
    String hash = Keccak256.hash(digits).toHex();
    StringBuilder written = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      boolean capital = Character.digit(hash.charAt(i), 16) >= HALF;
      String digit = digits.substring(i, i + 1);
      written.append(capital ? digit.toUpperCase(Locale.ROOT) : digit);
    }
    return written.toString();
  }
}
