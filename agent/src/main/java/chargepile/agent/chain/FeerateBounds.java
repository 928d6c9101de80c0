package chargepile.agent.chain;

import chargepile.agent.units.Feerate;

/**
 * What is made of a node's fee estimate.
 *
 * @param fallback used while the node has no estimate, as on a fresh node or a regtest
 */
public record FeerateBounds(Feerate floor, Feerate ceiling, Feerate fallback) {
  /** From the minimum that nodes relay to 200 sat/vB; 10 sat/vB while nothing is known. */
  public static final FeerateBounds DEFAULT =
      new FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000), new Feerate(2500));

  public FeerateBounds {
    if (floor.compareTo(fallback) > 0 || fallback.compareTo(ceiling) > 0) {
      throw new IllegalArgumentException(
          "a fallback feerate between floor and ceiling is needed: %d <= %d <= %d sat/kw"
              .formatted(floor.satoshiPerKw(), fallback.satoshiPerKw(), ceiling.satoshiPerKw()));
    }
  }

  public Feerate clamp(Feerate estimate) {
    if (estimate.compareTo(floor) < 0) {
      return floor;
    }
    return estimate.compareTo(ceiling) > 0 ? ceiling : estimate;
  }
}
