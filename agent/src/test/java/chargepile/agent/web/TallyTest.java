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

  private static Tally of(List<Snapshot> seen) {
    Tally tally = Tally.ZERO;
    for (Snapshot snapshot : seen) {
      tally = tally.plus(snapshot);
    }
    return tally;
  }
}
