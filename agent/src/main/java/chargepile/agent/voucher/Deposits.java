package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.math.BigInteger;

/**
 * What each side has put into a channel, in the contract's escrow (P2-13, P2-16); it only grows.
 * The sum fits an {@link Amount}.
 */
public record Deposits(Amount a, Amount b) {
  public static final Deposits NONE = new Deposits(Amount.ZERO, Amount.ZERO);

  public Deposits {
    try {
      var unused = a.plus(b);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("deposits of more than 2^63-1 units", e);
    }
  }

  /** What a contract says, which holds more than an amount does: then as much as fits is told. */
  public static Deposits told(BigInteger a, BigInteger b) {
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    BigInteger each = a.add(b).compareTo(most) <= 0 ? most : most.shiftRight(1);
    return new Deposits(
        new Amount(a.min(each).longValueExact()), new Amount(b.min(each).longValueExact()));
  }

  public Amount of(Party party) {
    return party == Party.A ? a : b;
  }

  public Amount total() {
    return a.plus(b);
  }

  /** What is in both, side by side. */
  Deposits least(Deposits other) {
    return new Deposits(least(a, other.a), least(b, other.b));
  }

  /** What is in either, side by side; as much of it as fits. */
  Deposits orMore(Deposits other) {
    return told(
        BigInteger.valueOf(Math.max(a.value(), other.a.value())),
        BigInteger.valueOf(Math.max(b.value(), other.b.value())));
  }

  /** Whether nothing of what is in {@code other} lacks here. */
  boolean cover(Deposits other) {
    return a.compareTo(other.a) >= 0 && b.compareTo(other.b) >= 0;
  }

  private static Amount least(Amount one, Amount other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
