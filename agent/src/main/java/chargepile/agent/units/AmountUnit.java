package chargepile.agent.units;

import java.util.Locale;

/** What an {@link Amount} counts: the smallest unit of the ledger in use. */
public enum AmountUnit {
  /** Bitcoin; 1000 are a satoshi. */
  MILLISATOSHI("msat", "msat"),
  /** The token of an EVM chain; how many are a token is the token's own. */
  BASE_UNIT("base_units", "base units");

  private final String key;
  private final String text;

  AmountUnit(String key, String text) {
    this.key = key;
    this.text = text;
  }

  /** As in the names of keys, topics and fields: {@code amount_msat}. */
  public String key() {
    return key;
  }

  /** The name of the price of a kilowatt-hour: {@code price_msat_per_kwh}. */
  public String pricePerKwh() {
    return "price_%s_per_kwh".formatted(key);
  }

  /** Exact: {@code 1,234 msat}. */
  public String write(Amount amount) {
    return String.format(Locale.ROOT, "%,d %s", amount.value(), text);
  }

  @Override
  public String toString() {
    return text;
  }
}
