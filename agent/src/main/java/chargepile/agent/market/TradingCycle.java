package chargepile.agent.market;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A transaction cycle (P1-03): quotes come, rounds match them, between rounds everybody may quote
 * again (P1-42), and at the end what is open is void.
 *
 * <p>Every call says when it happens, by the sequencer's clock. Of one thread at a time.
 */
public final class TradingCycle {
  /** Ids that a cycle remembers for each place in its book. */
  private static final int IDS_PER_PLACE = 16;

  private final long number;
  private final Instant start;
  private final CycleRules rules;
  private final long salt;
  private final Set<QuoteId> known = new HashSet<>();
  private final Map<Trader, Integer> made = new HashMap<>();
  private OrderBook book;
  private int rounds;
  private boolean over;

  /**
   * @param number names the cycle, 0 or more
   * @param salt any number that those who quote don't know, see {@link OrderBook}
   */
  public TradingCycle(long number, Instant start, CycleRules rules, long salt) {
    if (number < 0) {
      throw new IllegalArgumentException("cycle number below zero: " + number);
    }
    this.number = number;
    this.start = start;
    this.rules = rules;
    this.salt = salt;
    this.book = emptyBook();
  }

  /**
   * A round that was matched.
   *
   * @param number from 1
   * @param asks the side before it, sorted
   * @param bids the side before it, sorted
   */
  public record Round(int number, List<Resting> asks, List<Resting> bids, List<Trade> trades) {
    public Round {
      asks = List.copyOf(asks);
      bids = List.copyOf(bids);
      trades = List.copyOf(trades);
    }

    /** What is announced (P1-04). */
    public List<Match> matches() {
      return trades.stream().map(Trade::match).toList();
    }
  }

  public long number() {
    return number;
  }

  /** The first moment that is no longer of this cycle. */
  public Instant end() {
    return start.plus(rules.length());
  }

  /** A new quote; empty when it is in the book. */
  public Optional<QuoteRefusal> quote(Quote quote, Instant at) {
    Optional<QuoteRefusal> refusal =
        closed(at).or(() -> oneTooMany(quote)).or(() -> book.add(quote));
    if (refusal.isEmpty()) {
      known.add(quote.id());
      made.merge(quote.trader(), 1, Integer::sum);
    }
    return refusal;
  }

  private Optional<QuoteRefusal> oneTooMany(Quote quote) {
    if (known.contains(quote.id())) {
      return Optional.of(QuoteRefusal.ID_TAKEN);
    }
    if (made.getOrDefault(quote.trader(), 0) >= rules.limits().perTrader()) {
      return Optional.of(QuoteRefusal.TRADER_FULL);
    }
    return known.size() >= IDS_PER_PLACE * (long) rules.limits().capacity()
        ? Optional.of(QuoteRefusal.CYCLE_FULL)
        : Optional.empty();
  }

  /** Another price or energy for an open quote, as {@link OrderBook#requote}. */
  public Optional<QuoteRefusal> requote(Quote quote, Instant at) {
    return closed(at).or(() -> book.requote(quote));
  }

  public Optional<QuoteRefusal> withdraw(QuoteId id, Trader by, Instant at) {
    return closed(at).or(() -> book.withdraw(id, by));
  }

  /** Matches a round; empty when the cycle takes no more. */
  public Optional<Round> match(Instant at) {
    if (closed(at).isPresent()) {
      return Optional.empty();
    }
    List<Resting> asks = book.side(Side.ASK);
    List<Resting> bids = book.side(Side.BID);
    List<Trade> trades = new ArrayList<>();
    if (rules.matchesPerRound() == MatchList.UNLIMITED) {
      book.match(trades::add);
    } else {
      Optional<Trade> trade = book.matchBest();
      while (trade.isPresent()) {
        trades.add(trade.get());
        trade = trades.size() < rules.matchesPerRound() ? book.matchBest() : Optional.empty();
      }
    }
    rounds++;
    return Optional.of(new Round(rounds, asks, bids, trades));
  }

  /** What is open on a side at this time, the next to be matched first; nothing after the end. */
  public List<Resting> open(Side side, Instant at) {
    expire(at);
    return book.side(side);
  }

  private Optional<QuoteRefusal> closed(Instant at) {
    expire(at);
    if (over) {
      return Optional.of(QuoteRefusal.CYCLE_OVER);
    }
    if (at.isBefore(start)) {
      return Optional.of(QuoteRefusal.CYCLE_NOT_BEGUN);
    }
    return rounds == rules.rounds() ? Optional.of(QuoteRefusal.ROUNDS_OVER) : Optional.empty();
  }

  /** Once over it stays so, should the clock step back. */
  private void expire(Instant at) {
    if (!over && !at.isBefore(end())) {
      over = true;
      book = emptyBook();
      known.clear();
      made.clear();
    }
  }

  private OrderBook emptyBook() {
    return new OrderBook(rules.crossRule(), rules.limits(), salt);
  }
}
