package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.math.BigInteger;

/** What a channel pays its sides at the end. */
public record Payouts(Amount a, Amount b) {
  /**
   * The contract's arithmetic: B gets {@code clamp(D_B + c_AB - c_BA, 0, D_A + D_B)}, A the rest.
   *
   * @param paidByA cumulative amount of A's vouchers
   * @param paidByB cumulative amount of B's
   */
  public static Payouts of(Deposits deposits, Amount paidByA, Amount paidByB) {
    BigInteger total = number(deposits.total());
    BigInteger b = number(deposits.b()).add(number(paidByA)).subtract(number(paidByB));
    BigInteger clamped = b.max(BigInteger.ZERO).min(total);
    return new Payouts(amount(total.subtract(clamped)), amount(clamped));
  }

  public Amount of(Party party) {
    return party == Party.A ? a : b;
  }

  private static BigInteger number(Amount amount) {
    return BigInteger.valueOf(amount.value());
  }

  private static Amount amount(BigInteger number) {
    return new Amount(number.longValueExact());
  }
}
