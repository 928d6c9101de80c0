package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Names of the market as a contract has them, and back. */
public final class ChainNames {
  private static final Pattern WORD = Pattern.compile("0x[0-9a-f]{64}");
  private static final Pattern SHORT = Pattern.compile("[!-~]([ -~]{0,30}[!-~])?");
  private static final int WORD_BYTES = 32;

  private ChainNames() {}

  /** A party by its account. */
  public static Trader trader(EvmAddress account) {
    return new Trader(account.toString());
  }

  /**
   * The account of a party.
   *
   * @throws IllegalArgumentException when the trader is named otherwise
   */
  public static EvmAddress account(Trader trader) {
    if (!trader.value().matches("0x[0-9a-f]{40}")) {
      throw new IllegalArgumentException(trader + " is no account on a chain");
    }
    return EvmAddress.of(trader.value());
  }

  /**
   * A feeder's name where it fits into a word, which is 1 to 32 printable ASCII characters; else
   * the word itself in hexadecimal digits.
   */
  public static FeederId feeder(ByteVector32 word) {
    return new FeederId(text(word));
  }

  /**
   * A feeder's name as a word.
   *
   * @throws IllegalArgumentException when the name is none that fits
   */
  public static ByteVector32 word(FeederId feeder) {
    return word(feeder.value());
  }

  /** A pile by the registry's id of it. */
  public static PileId pile(ByteVector32 id) {
    return new PileId("0x" + id.toHex());
  }

  /** The registry's id of a pile: the hash of its name, or the id where that is what it is by. */
  public static ByteVector32 word(PileId pile) {
    return WORD.matcher(pile.value()).matches()
        ? new ByteVector32(pile.value().substring(2))
        : Keccak256.hash(pile.value());
  }

  public static ByteVector32 word(EnergyType type) {
    return word(type.name());
  }

  /**
   * A kind of energy out of a word.
   *
   * @throws IllegalArgumentException when it is no name of a kind of energy
   */
  public static EnergyType energyType(ByteVector32 word) {
    return new EnergyType(text(word));
  }

  private static ByteVector32 word(String text) {
    if (WORD.matcher(text).matches()) {
      return new ByteVector32(text.substring(2));
    }
    if (!SHORT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no name on a chain: 1 to 32 printable ASCII characters are".formatted(text));
    }
    return new ByteVector32(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), WORD_BYTES));
  }

  private static String text(ByteVector32 word) {
    byte[] bytes = word.toByteArray();
    int length = WORD_BYTES;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    return SHORT.matcher(text).matches() ? text : "0x" + word.toHex();
  }
}
