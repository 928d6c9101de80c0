package chargepile.agent.market;

import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The order book: asks from the lowest, bids from the highest, equal prices in the order in which
 * they came (P1-37). The order of the calls is that of the sequencer; nobody's clock is asked.
 *
 * <p>Nobody's ask and bid in it ever cross, so no trade is one with oneself (P1-01).
 *
 * <p>Matching a pair takes constant time, a quote a binary search among the prices of its side; a
 * new price moves those better than it. Of one thread at a time.
 */
public final class OrderBook {
  /** What a book holds at most, unless told otherwise: thirty times the need of paper 2. */
  public static final int USUAL_CAPACITY = 100_000;

  private static final int NONE = QuoteSlots.NONE;

  private final CrossRule rule;
  private final int capacity;
  private final QuoteSlots slots = new QuoteSlots();
  private final Ladder asks = new Ladder(Side.ASK, slots);
  private final Ladder bids = new Ladder(Side.BID, slots);
  private final SlotIndex index = new SlotIndex();
  private final Map<Trader, Position> positions = new HashMap<>();
  private long arrivals;

  public OrderBook(CrossRule rule) {
    this(rule, USUAL_CAPACITY);
  }

  /**
   * @param capacity quotes that it holds at most, 1 or more
   */
  public OrderBook(CrossRule rule, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a book holds at least one quote");
    }
    this.rule = rule;
    this.capacity = capacity;
  }

  /** How many quotes are open. */
  public int size() {
    return index.size();
  }

  public boolean contains(QuoteId id) {
    return index.get(id.value()) != NONE;
  }

  /** Takes a new quote, behind all of its price; empty when it is in the book. */
  public Optional<QuoteRefusal> add(Quote quote) {
    if (index.get(quote.id().value()) != NONE) {
      return Optional.of(QuoteRefusal.ID_TAKEN);
    }
    if (index.size() == capacity) {
      return Optional.of(QuoteRefusal.BOOK_FULL);
    }
    Position position = positions.get(quote.trader());
    if (position == null) {
      position = new Position();
      positions.put(quote.trader(), position);
    }
    if (crossesOwn(quote, position)) {
      return Optional.of(QuoteRefusal.SELF_MATCH);
    }
    int slot = slots.take(quote, position);
    arrive(slot);
    index.put(quote.id().value(), slot);
    position.count(quote.side(), 1);
    return Optional.empty();
  }

  /**
   * Changes price and rest of an open quote (P1-42). Another price or more energy than the rest is
   * a new arrival; less keeps its place. Empty when it is done.
   *
   * @param quote its energy is what is wanted from now on, whatever was traded before
   */
  public Optional<QuoteRefusal> requote(Quote quote) {
    int slot = index.get(quote.id().value());
    Optional<QuoteRefusal> refusal = objection(slot, quote.trader());
    if (refusal.isPresent()) {
      return refusal;
    }
    Quote before = slots.quote(slot);
    if (before.side() != quote.side()) {
      return Optional.of(QuoteRefusal.OTHER_SIDE);
    }
    long price = quote.pricePerKwh().value();
    if (price == slots.price(slot) && quote.energy().value() <= slots.rest(slot)) {
      slots.change(slot, quote);
      return Optional.empty();
    }
    if (price != slots.price(slot) && crossesOwn(quote, slots.position(slot))) {
      return Optional.of(QuoteRefusal.SELF_MATCH);
    }
    ladder(quote.side()).remove(slot);
    slots.change(slot, quote);
    arrive(slot);
    return Optional.empty();
  }

  /** Takes the quote's rest out of the book; empty when it is done. */
  public Optional<QuoteRefusal> withdraw(QuoteId id, Trader by) {
    int slot = index.get(id.value());
    Optional<QuoteRefusal> refusal = objection(slot, by);
    if (refusal.isEmpty()) {
      drop(slot);
    }
    return refusal;
  }

  /** Trades the best pair if it crosses: as much as both have (P1-38 to P1-40). */
  public Optional<Trade> matchBest() {
    int ask = asks.best();
    int bid = bids.best();
    return crosses(ask, bid) ? Optional.of(trade(ask, bid)) : Optional.empty();
  }

  /** Trades best pairs until none crosses; each goes to {@code trades} at once. */
  public void match(Consumer<Trade> trades) {
    int ask = asks.best();
    int bid = bids.best();
    while (crosses(ask, bid)) {
      trades.accept(trade(ask, bid));
      ask = asks.best();
      bid = bids.best();
    }
  }

  /** Whether the best pair would trade. */
  public boolean isCrossed() {
    return crosses(asks.best(), bids.best());
  }

  /** One side of the book, the next to be matched first. */
  public List<Resting> side(Side side) {
    List<Resting> quotes = new ArrayList<>();
    ladder(side)
        .forEach(
            slot ->
                quotes.add(
                    new Resting(
                        slots.quote(slot), new WattHours(slots.rest(slot)), slots.arrival(slot))));
    return quotes;
  }

  private boolean crosses(int ask, int bid) {
    return ask != NONE && bid != NONE && rule.crosses(slots.price(ask), slots.price(bid));
  }

  private Trade trade(int ask, int bid) {
    long energy = Math.min(slots.rest(ask), slots.rest(bid));
    Trade trade = new Trade(slots.quote(ask), slots.quote(bid), new WattHours(energy));
    fill(ask, energy);
    fill(bid, energy);
    return trade;
  }

  /** The rest stays with its owner and keeps its place (P1-40). */
  private void fill(int slot, long energy) {
    if (slots.reduce(slot, energy) == 0) {
      drop(slot);
    }
  }

  private void drop(int slot) {
    Quote quote = slots.quote(slot);
    ladder(quote.side()).remove(slot);
    slots.position(slot).count(quote.side(), -1);
    index.remove(quote.id().value());
    slots.free(slot);
  }

  private void arrive(int slot) {
    slots.arrive(slot, arrivals++);
    ladder(slots.quote(slot).side()).append(slot);
  }

  private Optional<QuoteRefusal> objection(int slot, Trader by) {
    if (slot == NONE) {
      return Optional.of(QuoteRefusal.NOT_IN_BOOK);
    }
    return slots.quote(slot).trader().equals(by)
        ? Optional.empty()
        : Optional.of(QuoteRefusal.NOT_YOURS);
  }

  /** Looks only when its trader has quotes on the other side, and among those that it crosses. */
  private boolean crossesOwn(Quote quote, Position position) {
    Side other = quote.side().opposite();
    if (position.open(other) == 0) {
      return false;
    }
    long price = quote.pricePerKwh().value();
    return ladder(other)
        .anyUntil(
            slot ->
                switch (other) {
                  case ASK -> !CrossRule.WEAK.crosses(slots.price(slot), price);
                  case BID -> !CrossRule.WEAK.crosses(price, slots.price(slot));
                },
            slot -> slots.position(slot) == position);
  }

  private Ladder ladder(Side side) {
    return switch (side) {
      case ASK -> asks;
      case BID -> bids;
    };
  }

  /** How many open quotes a trader has on each side. */
  static final class Position {
    private int asks;
    private int bids;

    int open(Side side) {
      return switch (side) {
        case ASK -> asks;
        case BID -> bids;
      };
    }

    void count(Side side, int more) {
      switch (side) {
        case ASK -> asks += more;
        case BID -> bids += more;
      }
    }
  }
}
