package chargepile.agent.units;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * How amounts are written for people: satoshi for millisatoshi, a token for its base units.
 *
 * @param symbol 1 to 12 letters or digits, or words of this program
 * @param decimals places by which an amount is more than what people count, 0 to 30
 */
public record Denomination(AmountUnit unit, String symbol, int decimals) {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9]{1,12}|base units");
  private static final int MOST_DECIMALS = 30;

  public static final Denomination SATOSHI = new Denomination(AmountUnit.MILLISATOSHI, "sat", 3);

  /** Of a token whose name is not known. */
  public static final Denomination BASE_UNITS =
      new Denomination(AmountUnit.BASE_UNIT, AmountUnit.BASE_UNIT.toString(), 0);

  public Denomination {
    if (!SYMBOL.matcher(symbol).matches() || decimals < 0 || decimals > MOST_DECIMALS) {
      throw new IllegalArgumentException("no denomination: %d, %s".formatted(decimals, symbol));
    }
  }

  /**
   * That of a token as its contract says, or {@link #BASE_UNITS} where it says what can't be shown:
   * anybody may have written the contract.
   */
  public static Denomination ofToken(String symbol, int decimals) {
    return SYMBOL.matcher(symbol).matches() && decimals >= 0 && decimals <= MOST_DECIMALS
        ? new Denomination(AmountUnit.BASE_UNIT, symbol, decimals)
        : BASE_UNITS;
  }

  /** In the unit that people count. */
  public BigDecimal decimal(Amount amount) {
    return BigDecimal.valueOf(amount.value(), decimals);
  }
}
