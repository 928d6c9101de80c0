package chargepile.agent.market;

import chargepile.agent.units.WattHours;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies an announced match list by its constraints alone, without matching again (P1-04): one
 * walk along the sorted sides and the list, as a contract can do it.
 */
public final class MatchList {
  /** As many matches as there are. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final CrossRule rule;
  private final Cursor asks;
  private final Cursor bids;

  private MatchList(CrossRule rule, List<Resting> asks, List<Resting> bids, WattHours minimumFill) {
    this.rule = rule;
    this.asks = new Cursor(asks, minimumFill);
    this.bids = new Cursor(bids, minimumFill);
  }

  /** Why a list is refused. */
  public enum Flaw {
    ASKS_NOT_SORTED("the asks are not in the order of price and arrival"),
    BIDS_NOT_SORTED("the bids are not in the order of price and arrival"),
    WRONG_SIDE("a quote stands on the wrong side"),
    ASK_OUT_OF_TURN("another ask comes first, or there is none of this id"),
    BID_OUT_OF_TURN("another bid comes first, or there is none of this id"),
    SELF_MATCH("seller and buyer are the same party"),
    NOT_CROSSED("the bid does not cross the ask"),
    WRONG_PRICE("the price is not the midpoint of ask and bid"),
    WRONG_VOLUME("the volume is not the smaller of the two rests"),
    INCOMPLETE("the best pair still crosses after the last match"),
    TOO_MANY("a round has no more matches: the next pair waits for the next round"),
    REPEATED_ID("the quote of this id stands in the sides already"),
    OTHER_PRICES("the announced selling or buying price is not that of the quotes"),
    BELOW_MINIMUM("so little can't be traded: it is void and stands in no side");

    private final String text;

    Flaw(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * The first flaw.
   *
   * @param line of the match list, or for a flaw of a side of that side, from 0; the number of
   *     matches for {@link Flaw#INCOMPLETE}
   */
  public record Rejection(Flaw flaw, int line) {
    @Override
    public String toString() {
      return "line %d: %s".formatted(line + 1, flaw.text());
    }
  }

  /**
   * Empty when {@code matches} is what these quotes give.
   *
   * <p>The sides are the claim of the same who claims the list: that they are all the open quotes,
   * each with its own price, arrival and rest, is the caller's to check, against what it has stored
   * of every quote and how many are open.
   *
   * @param asks every open ask before the round, sorted
   * @param bids every open bid, sorted
   * @param most matches a round has at most (P1-42): a longer list is refused, and so many need not
   *     be all that cross
   */
  public static Optional<Rejection> verify(
      CrossRule rule, List<Resting> asks, List<Resting> bids, List<Match> matches, int most) {
    return verify(rule, asks, bids, matches, most, BookLimits.USUAL.minimumFill());
  }

  /**
   * The same where a pair trades {@code minimumFill} at least (P1-40).
   *
   * @param minimumFill as in {@link BookLimits}
   */
  public static Optional<Rejection> verify(
      CrossRule rule,
      List<Resting> asks,
      List<Resting> bids,
      List<Match> matches,
      int most,
      WattHours minimumFill) {
    return unsorted(Side.ASK, Flaw.ASKS_NOT_SORTED, asks)
        .or(() -> unsorted(Side.BID, Flaw.BIDS_NOT_SORTED, bids))
        .or(() -> repeated(asks, bids))
        .or(() -> tooLittle(asks, minimumFill))
        .or(() -> tooLittle(bids, minimumFill))
        .or(() -> new MatchList(rule, asks, bids, minimumFill).walk(matches, most));
  }

  private static Optional<Rejection> tooLittle(List<Resting> quotes, WattHours minimumFill) {
    for (int i = 0; i < quotes.size(); i++) {
      if (quotes.get(i).rest().compareTo(minimumFill) < 0) {
        return Optional.of(new Rejection(Flaw.BELOW_MINIMUM, i));
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> unsorted(Side side, Flaw flaw, List<Resting> quotes) {
    for (int i = 0; i < quotes.size(); i++) {
      if (quotes.get(i).quote().side() != side) {
        return Optional.of(new Rejection(Flaw.WRONG_SIDE, i));
      }
      if (i > 0 && !quotes.get(i - 1).precedes(quotes.get(i))) {
        return Optional.of(new Rejection(flaw, i));
      }
    }
    return Optional.empty();
  }

  /** No quote stands twice, or it would be sold twice. */
  private static Optional<Rejection> repeated(List<Resting> asks, List<Resting> bids) {
    Set<QuoteId> seen = new HashSet<>();
    return repeated(asks, seen).or(() -> repeated(bids, seen));
  }

  private static Optional<Rejection> repeated(List<Resting> quotes, Set<QuoteId> seen) {
    for (int i = 0; i < quotes.size(); i++) {
      if (!seen.add(quotes.get(i).quote().id())) {
        return Optional.of(new Rejection(Flaw.REPEATED_ID, i));
      }
    }
    return Optional.empty();
  }

  private Optional<Rejection> walk(List<Match> matches, int most) {
    for (int i = 0; i < matches.size(); i++) {
      Optional<Flaw> flaw = i < most ? flaw(matches.get(i)) : Optional.of(Flaw.TOO_MANY);
      if (flaw.isPresent()) {
        return Optional.of(new Rejection(flaw.get(), i));
      }
      WattHours energy = matches.get(i).energy();
      asks.fill(energy);
      bids.fill(energy);
    }
    return matches.size() < most && isCrossed()
        ? Optional.of(new Rejection(Flaw.INCOMPLETE, matches.size()))
        : Optional.empty();
  }

  private Optional<Flaw> flaw(Match match) {
    if (!asks.isAt(match.ask())) {
      return Optional.of(Flaw.ASK_OUT_OF_TURN);
    }
    if (!bids.isAt(match.bid())) {
      return Optional.of(Flaw.BID_OUT_OF_TURN);
    }
    Quote ask = asks.quote();
    Quote bid = bids.quote();
    if (ask.trader().equals(bid.trader())) {
      return Optional.of(Flaw.SELF_MATCH);
    }
    if (!isCrossed()) {
      return Optional.of(Flaw.NOT_CROSSED);
    }
    if (!match.askPrice().equals(ask.pricePerKwh())
        || !match.bidPrice().equals(bid.pricePerKwh())) {
      return Optional.of(Flaw.OTHER_PRICES);
    }
    if (!match.price().equals(TradePrice.midpoint(ask.pricePerKwh(), bid.pricePerKwh()))) {
      return Optional.of(Flaw.WRONG_PRICE);
    }
    long volume = Math.min(asks.rest(), bids.rest());
    return match.energy().value() == volume ? Optional.empty() : Optional.of(Flaw.WRONG_VOLUME);
  }

  private boolean isCrossed() {
    return asks.isOpen()
        && bids.isOpen()
        && rule.crosses(asks.quote().pricePerKwh(), bids.quote().pricePerKwh());
  }

  /** The best quote of a side with its rest, while the matches are walked along. */
  private static final class Cursor {
    private final List<Resting> quotes;
    private final long minimumFill;
    private int at;
    private long filled;

    Cursor(List<Resting> quotes, WattHours minimumFill) {
      this.quotes = quotes;
      this.minimumFill = minimumFill.value();
    }

    boolean isOpen() {
      return at < quotes.size();
    }

    boolean isAt(QuoteId id) {
      return isOpen() && quote().id().equals(id);
    }

    Quote quote() {
      return quotes.get(at).quote();
    }

    long rest() {
      return quotes.get(at).rest().value() - filled;
    }

    void fill(WattHours energy) {
      filled += energy.value();
      if (rest() < minimumFill) {
        at++;
        filled = 0;
      }
    }
  }
}
