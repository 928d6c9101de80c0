package chargepile.agent.cli.market.chain;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A number that a market's contracts are deployed with and keep for good.
 *
 * <p>Times are in seconds, money in the token's smallest unit. The bounds are those of the
 * contracts, or narrower where a value would serve nobody.
 */
public enum Rule {
  PRICE_FLOOR(0, 0, 9_000_000_000_000_000L, "least price per kWh that the review lets pass"),
  OWED_HOURS(
      24, 1, 720, "hours of full power that a pile can owe within a dispute: its bond's measure"),
  SMALLEST_BOND_W(7000, 1, 1_000_000, "the bond of a pile of this power is the least of any"),
  LEAST_CHALLENGE(hours(1), hours(1), days(7), "shortest time to answer a channel's close"),
  MOST_CHALLENGE(days(7), hours(1), days(60), "longest time to answer a channel's close"),
  MOST_LOCK(days(1), hours(1), days(20), "how far ahead a conditional payment may be locked"),
  UNLOCK(days(12), days(1), days(90), "from leaving until a bond is free; covers every dispute"),
  APPEAL(days(7), days(3), days(90), "to appeal against the agency's verdict"),
  RULING(days(14), days(1), days(90), "for the court to rule on an appeal"),
  SETTLEMENT_WINDOW(days(1), hours(1), days(30), "to contest a one-sided settlement certificate"),
  LISTING_INTERVAL(600, 1, days(1), "a seller may announce something this often"),
  LISTING_BURST(4, 1, 1000, "announcements that a seller may make at once"),
  CYCLE(900, 10, days(1), "length of a trading cycle, a multiple of its rounds"),
  ROUNDS(3, 1, 1000, "rounds of a cycle: each takes quotes, and is matched"),
  MATCHING(60, 1, hours(1), "end of a round, in which quotes stand still and are matched"),
  MOST_MATCHES(100, 1, 200, "pairs matched in a round at most"),
  CAPACITY(500, 1, 1000, "open quotes at most"),
  PER_TRADER(8, 1, 1000, "open quotes of a trader at most"),
  MINIMUM_FILL_WH(100, 1, 1_000_000, "least energy that a pair trades"),
  EQUAL_PRICES_TRADE(0, 0, 1, "1: a bid also trades with an ask of its own price"),
  CONFIRMATION(600, 1, days(30), "for the seller to confirm an order"),
  SIGNATURES(600, 1, days(30), "for both to sign it"),
  REVIEW(1800, 1, days(30), "for the agency to review it"),
  RECORD(1800, 1, days(30), "to put it on record before the delivery"),
  RECEIPTS(
      hours(1),
      hours(1),
      days(30),
      "from the delivery: for the buyer to show what it paid in a channel"),
  EVIDENCE(days(1), hours(2), days(30), "from the delivery: to bring what was metered"),
  SLOT(900, 60, days(1), "slots in which the power promised on a feeder is added up"),
  NOTICE(days(1), hours(1), days(30), "until new limits and fees are in force"),
  LEAD(0, 0, days(7), "between review and delivery at least"),
  HORIZON(days(7), hours(1), days(10), "between review and the end of the delivery at most"),
  GRID_BP(300, 0, 5000, "the grid's fee in basis points of what is delivered"),
  AGENCY_BP(50, 0, 5000, "the agency's fee in basis points"),
  MOST_TOLERANCE_BP(2000, 0, 10_000, "how far a delivery may be off without damages, at most"),
  LEAST_DEFAULT_BP(500, 0, 10_000, "least damages per kWh, in basis points of the price cap"),
  LEAST_ENERGY_WH(100, 1, 1_000_000, "least energy of an order"),
  LEAST_WINDOW(900, 1, days(1), "shortest delivery");

  private final long usual;
  private final long least;
  private final long most;
  private final String what;

  Rule(long usual, long least, long most, String what) {
    this.usual = usual;
    this.least = least;
    this.most = most;
    this.what = what;
  }

  private static long hours(int hours) {
    return Duration.ofHours(hours).toSeconds();
  }

  private static long days(int days) {
    return Duration.ofDays(days).toSeconds();
  }

  /** What it is where nobody says otherwise. */
  public long usual() {
    return usual;
  }

  /** Why a value is none for it; a sentence without a full stop. */
  Optional<String> objection(long value) {
    return value < least || value > most
        ? Optional.of("%s is %d to %d, not %d".formatted(label(), least, most, value))
        : Optional.empty();
  }

  /** As {@code price-floor}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Rule> labelled(String label) {
    return Arrays.stream(values()).filter(rule -> rule.label().equals(label)).findFirst();
  }

  /** For a table of all: name, value, bounds, meaning. */
  String described(long value) {
    return "%-20s %10d   %d to %d: %s".formatted(label(), value, least, most, what);
  }
}
