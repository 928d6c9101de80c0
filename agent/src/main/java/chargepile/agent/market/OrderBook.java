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
 * <p>Matching a pair takes constant time, a quote a binary search among the prices of its side and
 * a look at its trader's own quotes on the other side; a new price moves those better than it.
 * Memory is bounded by the limits, whoever quotes. Of one thread at a time.
 */
public final class OrderBook {
  /** Traders without an open quote that are remembered before they are looked for. */
  private static final int IDLE = 1024;

  private static final int NONE = QuoteSlots.NONE;

  private final CrossRule rule;
  private final BookLimits limits;
  private final QuoteSlots slots = new QuoteSlots();
  private final Ladder asks = new Ladder(Side.ASK, slots);
  private final Ladder bids = new Ladder(Side.BID, slots);
  private final SlotIndex index;
  private final Map<Trader, Position> positions = new HashMap<>();
  private int mostPositions = IDLE;
  private long arrivals;
  private int openAsks;

  public OrderBook(CrossRule rule) {
    this(rule, BookLimits.USUAL, 0);
  }

  /**
   * @param salt any number that those who quote don't know. What the book does does not depend on
   *     it, only that nobody can choose ids that take long to find
   */
  public OrderBook(CrossRule rule, BookLimits limits, long salt) {
    this.rule = rule;
    this.limits = limits;
    this.index = new SlotIndex(salt);
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
    return add(quote, Optional.empty());
  }

  /**
   * Takes a new quote, behind all of its price; empty when it is in the book.
   *
   * @param insteadOf where its side is full, the quote that gives way: one at a worse price, of
   *     somebody who has more quotes open, so that nobody fills the book for the others
   */
  public Optional<QuoteRefusal> add(Quote quote, Optional<QuoteId> insteadOf) {
    if (index.get(quote.id().value()) != NONE) {
      return Optional.of(QuoteRefusal.ID_TAKEN);
    }
    if (isTooLittle(quote)) {
      return Optional.of(QuoteRefusal.TOO_LITTLE);
    }
    Position position = position(quote.trader());
    int leaving = NONE;
    if (open(quote.side()) == limits.perSide()) {
      if (insteadOf.isEmpty()) {
        return Optional.of(QuoteRefusal.BOOK_FULL);
      }
      leaving = index.get(insteadOf.get().value());
      if (leaving == NONE || slots.quote(leaving).side() != quote.side()) {
        return Optional.of(QuoteRefusal.NOT_IN_BOOK);
      }
      if (!givesWay(leaving, quote, position)) {
        return Optional.of(QuoteRefusal.GIVES_NO_WAY);
      }
    }
    if (position.open() == limits.perTrader()) {
      return Optional.of(QuoteRefusal.TRADER_FULL);
    }
    if (crossesOwn(quote, position)) {
      return Optional.of(QuoteRefusal.SELF_MATCH);
    }
    if (leaving != NONE) {
      drop(leaving);
    }
    int slot = slots.take(quote, position);
    count(quote.side(), 1);
    arrive(slot);
    index.put(quote.id().value(), slot);
    position.add(quote.side(), slot);
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
    if (isTooLittle(quote)) {
      return Optional.of(QuoteRefusal.TOO_LITTLE);
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

  /** The rest stays with its owner and keeps its place, while it can be filled (P1-40). */
  private void fill(int slot, long energy) {
    if (slots.reduce(slot, energy) < limits.minimumFill().value()) {
      drop(slot);
    }
  }

  private void drop(int slot) {
    Quote quote = slots.quote(slot);
    ladder(quote.side()).remove(slot);
    count(quote.side(), -1);
    slots.position(slot).remove(quote.side(), slot);
    index.remove(quote.id().value());
    slots.free(slot);
  }

  private int open(Side side) {
    return switch (side) {
      case ASK -> openAsks;
      case BID -> index.size() - openAsks;
    };
  }

  private void count(Side side, int more) {
    if (side == Side.ASK) {
      openAsks += more;
    }
  }

  private boolean givesWay(int slot, Quote quote, Position position) {
    long price = quote.pricePerKwh().value();
    boolean worse =
        switch (quote.side()) {
          case ASK -> slots.price(slot) > price;
          case BID -> slots.price(slot) < price;
        };
    return worse && slots.position(slot).open() > position.open();
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

  private boolean isTooLittle(Quote quote) {
    return quote.energy().compareTo(limits.minimumFill()) < 0;
  }

  private boolean crossesOwn(Quote quote, Position position) {
    Side other = quote.side().opposite();
    long price = quote.pricePerKwh().value();
    return position.any(
        other,
        slot ->
            switch (other) {
              case ASK -> CrossRule.WEAK.crosses(slots.price(slot), price);
              case BID -> CrossRule.WEAK.crosses(price, slots.price(slot));
            });
  }

  private Position position(Trader trader) {
    Position position = positions.get(trader);
    if (position == null) {
      if (positions.size() >= mostPositions) {
        positions.values().removeIf(idle -> idle.open() == 0);
        mostPositions = 2 * positions.size() + IDLE;
      }
      position = new Position(slots);
      positions.put(trader, position);
    }
    return position;
  }

  private Ladder ladder(Side side) {
    return switch (side) {
      case ASK -> asks;
      case BID -> bids;
    };
  }

  /** How many traders it remembers. */
  int traders() {
    return positions.size();
  }
}
