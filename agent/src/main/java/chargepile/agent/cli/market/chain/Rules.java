package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.market.BondRule;
import chargepile.agent.units.Amount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The rules that a market is deployed with; they fit together. */
public final class Rules {
  private static final long HIGHEST_PRICE = 9_000_000_000_000_000L;
  private static final int MOST_SLOTS = 1000;
  private static final int BASIS_POINTS = 10_000;

  private final long priceCap;
  private final Map<Rule, Long> values = new EnumMap<>(Rule.class);

  private Rules(long priceCap, Map<Rule, Long> changed) {
    this.priceCap = priceCap;
    for (Rule rule : Rule.values()) {
      values.put(rule, changed.getOrDefault(rule, rule.usual()));
    }
  }

  /**
   * The usual rules but for those that are given.
   *
   * @param priceCap highest price of a kWh, in the token's smallest unit
   * @throws CommandFailedException when they contradict the contracts or each other, all reasons in
   *     one message
   */
  public static Rules of(long priceCap, Map<Rule, Long> changed) throws CommandFailedException {
    Rules rules = new Rules(priceCap, changed);
    List<String> objections = rules.objections();
    if (!objections.isEmpty()) {
      throw new CommandFailedException(
          "with these rules nothing is deployed: " + String.join("; ", objections));
    }
    return rules;
  }

  public long of(Rule rule) {
    return values.getOrDefault(rule, rule.usual());
  }

  long priceCap() {
    return priceCap;
  }

  /** What a kilowatt of a pile's power adds to its bond (P1-11). */
  long bondPerKw() {
    return Math.multiplyExact(priceCap, of(Rule.OWED_HOURS));
  }

  /** What a kilowatt-hour not delivered or taken costs at least. */
  long leastDefaultRate() {
    return BigInteger.valueOf(priceCap)
        .multiply(BigInteger.valueOf(of(Rule.LEAST_DEFAULT_BP)))
        .divide(BigInteger.valueOf(BASIS_POINTS))
        .longValueExact();
  }

  long smallestBond() {
    return new BondRule(new Amount(1), new Amount(bondPerKw()))
        .bond(of(Rule.SMALLEST_BOND_W))
        .value();
  }

  private List<String> objections() {
    List<String> found = new ArrayList<>();
    if (priceCap < 1 || priceCap > HIGHEST_PRICE) {
      found.add("a price cap is 1 to %d".formatted(HIGHEST_PRICE));
      return found;
    }
    values.forEach((rule, value) -> rule.objection(value).ifPresent(found::add));
    if (!found.isEmpty()) {
      return found;
    }
    require(found, of(Rule.PRICE_FLOOR) <= priceCap, "price-floor is above the price cap");
    require(
        found,
        of(Rule.LEAST_CHALLENGE) <= of(Rule.MOST_CHALLENGE),
        "least-challenge is above most-challenge");
    long dispute = of(Rule.MOST_CHALLENGE) + of(Rule.MOST_LOCK) + of(Rule.EVIDENCE);
    require(
        found,
        of(Rule.UNLOCK) >= dispute,
        "unlock is below most-challenge, most-lock and evidence together, which are %d: a bond would be gone before its pile's disputes end"
            .formatted(dispute));
    require(found, of(Rule.CYCLE) % of(Rule.ROUNDS) == 0, "cycle is no multiple of rounds");
    require(
        found,
        of(Rule.MATCHING) < of(Rule.CYCLE) / of(Rule.ROUNDS),
        "matching leaves no time for quotes in a round");
    require(
        found,
        of(Rule.EVIDENCE) >= of(Rule.RECEIPTS) + 3600,
        "evidence is to end an hour after receipts or later");
    require(
        found,
        of(Rule.HORIZON) <= of(Rule.SLOT) * MOST_SLOTS,
        "horizon is more than %d slots ahead".formatted(MOST_SLOTS));
    require(found, of(Rule.LEAD) < of(Rule.HORIZON), "lead is not below horizon");
    require(
        found,
        of(Rule.GRID_BP) + of(Rule.AGENCY_BP) <= BASIS_POINTS,
        "the fees are more than the price");
    require(
        found,
        priceCap <= Long.MAX_VALUE / of(Rule.OWED_HOURS) / 1_000_000,
        "the bond of a large pile is beyond what contracts count: lower the price cap or"
            + " owed-hours");
    return found;
  }

  private static void require(List<String> found, boolean holds, String otherwise) {
    if (!holds) {
      found.add(otherwise);
    }
  }
}
