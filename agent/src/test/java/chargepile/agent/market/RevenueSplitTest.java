package chargepile.agent.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.units.Amount;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** P2-19. */
class RevenueSplitTest {
  @Test
  void feesRoundDownAndTheProducerHasTheResidue() {
    assertEquals(
        new RevenueSplit(new Amount(9), Amount.ZERO, new Amount(1)),
        RevenueSplit.of(new Amount(10), new Fees(999, 1000)));
    assertEquals(
        new RevenueSplit(new Amount(965), new Amount(30), new Amount(5)),
        RevenueSplit.of(new Amount(1000), new Fees(300, 50)));
  }

  @Property
  void everyUnitIsConserved(
      @ForAll @LongRange(max = Long.MAX_VALUE) long amount,
      @ForAll @IntRange(max = 10_000) int grid,
      @ForAll @IntRange(max = 10_000) int agency) {
    Fees fees = new Fees(grid, Math.min(agency, 10_000 - grid));
    RevenueSplit split = RevenueSplit.of(new Amount(amount), fees);
    assertEquals(new Amount(amount), split.total());
    assertEquals(split.total(), split.producer().plus(split.fees()));
  }

  @Test
  void feesAreNoMoreThanTheWhole() {
    assertEquals(Amount.ZERO, RevenueSplit.of(new Amount(77), new Fees(10_000, 0)).producer());
    assertThrows(IllegalArgumentException.class, () -> new Fees(10_000, 1));
    assertThrows(IllegalArgumentException.class, () -> new Fees(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Fees(0, -1));
  }
}
