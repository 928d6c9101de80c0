package chargepile.agent.cli.market.chain;

import chargepile.agent.evm.Wei;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** The chain's own coin in lines for people. */
public final class Coins {
  private static final int DECIMALS = 18;
  private static final int SHOWN = 6;

  private Coins() {}

  /** Rounded up to the sixth decimal: {@code 0.012346 coins}. */
  public static String text(Wei amount) {
    return new BigDecimal(amount.value(), DECIMALS)
            .setScale(SHOWN, RoundingMode.UP)
            .stripTrailingZeros()
            .toPlainString()
        + " coins";
  }
}
