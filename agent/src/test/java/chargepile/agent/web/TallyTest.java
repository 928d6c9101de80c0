package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.units.Amount;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void aSessionIsCountedOnceAndWhatItPaysAsOftenAsItGrows() {
    Tally tally = of(List.of(Samples.in("s1", 1), Samples.in("s1", 1), Samples.in("s1", 3)));

    assertEquals(1, tally.sessions());
    assertEquals(3, tally.updates());
    assertEquals(new Amount(901_500), tally.received());
  }

  @Test
  void theNextSessionBeginsAtNothing() {
    Tally tally = of(List.of(Samples.in("s1", 3), Samples.idle(), Samples.in("s2", 2)));

    assertEquals(2, tally.sessions());
    assertEquals(5, tally.updates());
    assertEquals(new Amount(1_502_500), tally.received());
  }

  @Test
  void whatWasThereAtTheStartCountsForItsGrowth() {
    Tally first = Tally.since(Samples.in("s1", 5));
    assertEquals(0, first.sessions() + first.updates() + first.received().value());

    Tally later = first.plus(Samples.in("s1", 5)).plus(Samples.in("s1", 7));
    assertEquals(0, later.sessions());
    assertEquals(2, later.updates());
    assertEquals(new Amount(601_000), later.received());
    assertEquals(1, later.plus(Samples.in("s2", 1)).sessions());
  }

  private static Tally of(List<Snapshot> seen) {
    Tally tally = Tally.ZERO;
    for (Snapshot snapshot : seen) {
      tally = tally.plus(snapshot);
    }
    return tally;
  }
}
