package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FractionTest {
  @Test
  void sumsAreExactInLowestTerms() {
    assertEquals(new Fraction(5, 6), new Fraction(1, 2).plus(1, 3));
    assertEquals(new Fraction(1, 1), new Fraction(2, 3).plus(1, 3));
    assertEquals(new Fraction(11, 12), new Fraction(2, 3).plus(1, 4));
  }

  @Test
  void wholeAndRestAreTheFraction() {
    Fraction sevenThirds = new Fraction(7, 3);
    assertEquals(2, sevenThirds.whole());
    assertEquals(new Fraction(1, 3), sevenThirds.rest());
  }

  @Test
  void aDenominatorNeverGrowsBeyondItsBound() {
    Fraction finest = new Fraction(999_999_999_999L, 1_000_000_000_000L);
    assertEquals(new Fraction(1_499_999_999_999L, 1_000_000_000_000L), finest.plus(1, 2));
    // A third does not fit: the sum is rounded down to thirds, and nothing is invented.
    assertEquals(new Fraction(3, 3), finest.plus(1, 3));
    assertEquals(new Fraction(2, 3), finest.plus(0, 3));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Fraction(-1, 2));
    assertThrows(IllegalArgumentException.class, () -> new Fraction(1, 0));
  }
}
