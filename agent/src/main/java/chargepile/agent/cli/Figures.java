package chargepile.agent.cli;

import chargepile.agent.evm.Wei;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** How quantities are written for people, and as numbers in JSON. Exact unless it says so. */
public final class Figures {
  private static final int WEI_DECIMALS = 18;
  private static final int MICRO = 6;
  private static final int MSAT_PER_SAT = 1000;

  private Figures() {}

  /** Digits in groups of three: {@code 1 234 567}. */
  public static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
  }

  /** A decimal number with its whole part in groups of three and no zeros at the end. */
  static String grouped(BigDecimal value) {
    BigInteger whole = value.toBigInteger();
    String fraction =
        value.remainder(BigDecimal.ONE).abs().stripTrailingZeros().toPlainString().substring(1);
    return grouped(whole.longValueExact()) + fraction;
  }

  /** {@code 12 Wh} up to 10 kWh, {@code 53.25 kWh} from there on. */
  public static String energy(MilliWattHours energy) {
    BigDecimal wattHours = wattHours(energy);
    return wattHours.compareTo(BigDecimal.valueOf(10_000)) < 0
        ? grouped(wattHours) + " Wh"
        : grouped(wattHours.movePointLeft(3)) + " kWh";
  }

  /** Kilowatt-hours with three decimals, rounded: {@code 5.412 kWh}. */
  public static String kiloWattHours(MilliWattHours energy) {
    return BigDecimal.valueOf(energy.value(), 6).setScale(3, RoundingMode.HALF_UP) + " kWh";
  }

  /** Watt-hours as a number. */
  public static BigDecimal wattHours(MilliWattHours energy) {
    return BigDecimal.valueOf(energy.value(), 3);
  }

  public static String sat(Satoshi amount) {
    return grouped(amount.value()) + " sat";
  }

  /** An amount in satoshi with its millisatoshi as decimals: {@code 1 623.45 sat}. */
  public static String sat(Amount amount) {
    return grouped(BigDecimal.valueOf(amount.value()).divide(BigDecimal.valueOf(MSAT_PER_SAT)))
        + " sat";
  }

  /** As people write it: {@code 1 623.45 sat}, {@code 0.3 CPEA}. */
  public static String money(Denomination money, Amount amount) {
    return "%s %s".formatted(grouped(money.decimal(amount)), money.symbol());
  }

  /** Of an EVM chain's own coin, to the microcoin, rounded down: {@code 0.081523 coins}. */
  public static String coins(Wei amount) {
    BigDecimal coins =
        new BigDecimal(amount.value(), WEI_DECIMALS).setScale(MICRO, RoundingMode.DOWN);
    return grouped(coins) + (coins.compareTo(BigDecimal.ONE) == 0 ? " coin" : " coins");
  }

  /** In the smallest unit there is: {@code 1 623 450 msat}, {@code 300 000 base units}. */
  public static String exact(AmountUnit unit, Amount amount) {
    return "%s %s".formatted(grouped(amount.value()), unit);
  }

  public static String msat(Amount amount) {
    return grouped(amount.value()) + " msat";
  }

  /** To the second: {@code 45 min 20 s}, {@code 2 h 3 min}. */
  public static String duration(Duration duration) {
    Duration seconds = duration.plusMillis(500);
    if (seconds.toHours() > 0) {
      return seconds.toHours() + " h " + seconds.toMinutesPart() + " min";
    }
    return seconds.toMinutes() > 0
        ? seconds.toMinutes() + " min " + seconds.toSecondsPart() + " s"
        : seconds.toSeconds() + " s";
  }

  /** Milliseconds with two decimals, rounded: {@code 1.87 ms}. */
  public static String milliseconds(Duration duration) {
    return milliseconds(duration, 2).toPlainString() + " ms";
  }

  /** Milliseconds as a number with this many decimals, rounded. */
  public static BigDecimal milliseconds(Duration duration, int decimals) {
    return BigDecimal.valueOf(duration.toNanos(), 6).setScale(decimals, RoundingMode.HALF_UP);
  }

  /** Seconds as a number with milliseconds. */
  public static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3);
  }

  /** Watts as kilowatts with one decimal, rounded: {@code 10.9 kW}. */
  public static String power(long watts) {
    return BigDecimal.valueOf(watts, 3).setScale(1, RoundingMode.HALF_UP) + " kW";
  }

  /** Bytes in units of 1000, rounded: {@code 152 kB}. */
  public static String bytes(long bytes) {
    if (bytes < 10_000) {
      return grouped(bytes) + " bytes";
    }
    return bytes < 10_000_000
        ? grouped((bytes + 500) / 1000) + " kB"
        : grouped((bytes + 500_000) / 1_000_000) + " MB";
  }
}
