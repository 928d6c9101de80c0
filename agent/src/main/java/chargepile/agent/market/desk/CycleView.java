package chargepile.agent.market.desk;

import java.time.Instant;

/**
 * The trading cycle as it stands (P1-03, P1-42).
 *
 * @param round of it, from 0
 * @param rounds of a cycle
 * @param standsFrom when quotes begin to stand still for this round's matching
 * @param roundEnds when the next round begins
 * @param matched whether this round's matches were announced
 */
public record CycleView(
    long number, int round, int rounds, Instant standsFrom, Instant roundEnds, boolean matched) {
  public CycleView {
    if (number < 0 || round < 0 || round >= rounds || !standsFrom.isBefore(roundEnds)) {
      throw new IllegalArgumentException(
          "round %d of %d in cycle %d, matched from %s to %s"
              .formatted(round, rounds, number, standsFrom, roundEnds));
    }
  }

  boolean standsStill(Instant now) {
    return !now.isBefore(standsFrom);
  }
}
