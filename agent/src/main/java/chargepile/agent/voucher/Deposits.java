package chargepile.agent.voucher;

import chargepile.agent.units.Amount;

/** What each side has put into a channel; it only grows. The sum fits an {@link Amount}. */
public record Deposits(Amount a, Amount b) {
  public static final Deposits NONE = new Deposits(Amount.ZERO, Amount.ZERO);

  public Deposits {
    try {
      var unused = a.plus(b);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("deposits of more than 2^63-1 units", e);
    }
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

  private static Amount least(Amount one, Amount other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
