package chargepile.agent.market.desk;

import chargepile.agent.units.WattHours;
import java.time.Instant;

/**
 * What a seller's meter says of a delivery that is over. It signs nothing else of that order, ever:
 * whoever has a second record could settle by the one that suits it.
 *
 * @param available that could have been taken, no less than what was
 * @param taken up to the end of the window
 * @param end of the window
 */
public record Metered(WattHours available, WattHours taken, Instant end) {
  public Metered {
    if (available.compareTo(taken) < 0) {
      throw new IllegalArgumentException("more was taken than was available");
    }
  }
}
