package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The book by the words of the rules: one list, searched and sorted anew for everything. */
final class ModelBook implements Commands.Book {
  private final CrossRule rule;
  private final BookLimits limits;
  private final List<Resting> open = new ArrayList<>();
  private long arrivals;

  ModelBook(CrossRule rule, BookLimits limits) {
    this.rule = rule;
    this.limits = limits;
  }

  @Override
  public Optional<QuoteRefusal> add(Quote quote) {
    if (find(quote.id()).isPresent()) {
      return Optional.of(QuoteRefusal.ID_TAKEN);
    }
    if (quote.energy().compareTo(limits.minimumFill()) < 0) {
      return Optional.of(QuoteRefusal.TOO_LITTLE);
    }
    if (open.stream().filter(other -> other.quote().side() == quote.side()).count()
        == limits.perSide()) {
      return Optional.of(QuoteRefusal.BOOK_FULL);
    }
    if (open.stream().filter(own -> own.quote().trader().equals(quote.trader())).count()
        == limits.perTrader()) {
      return Optional.of(QuoteRefusal.TRADER_FULL);
    }
    if (crossesOwn(quote)) {
      return Optional.of(QuoteRefusal.SELF_MATCH);
    }
    open.add(new Resting(quote, quote.energy(), arrivals++));
    return Optional.empty();
  }

  @Override
  public Optional<QuoteRefusal> requote(Quote quote) {
    Optional<Resting> found = find(quote.id());
    if (found.isEmpty()) {
      return Optional.of(QuoteRefusal.NOT_IN_BOOK);
    }
    Resting before = found.get();
    if (!before.quote().trader().equals(quote.trader())) {
      return Optional.of(QuoteRefusal.NOT_YOURS);
    }
    if (before.quote().side() != quote.side()) {
      return Optional.of(QuoteRefusal.OTHER_SIDE);
    }
    if (quote.energy().compareTo(limits.minimumFill()) < 0) {
      return Optional.of(QuoteRefusal.TOO_LITTLE);
    }
    if (crossesOwn(quote)) {
      return Optional.of(QuoteRefusal.SELF_MATCH);
    }
    boolean keepsPlace =
        before.quote().pricePerKwh().equals(quote.pricePerKwh())
            && quote.energy().compareTo(before.rest()) <= 0;
    open.remove(before);
    open.add(new Resting(quote, quote.energy(), keepsPlace ? before.arrival() : arrivals++));
    return Optional.empty();
  }

  @Override
  public Optional<QuoteRefusal> withdraw(QuoteId id, Trader by) {
    Optional<Resting> found = find(id);
    if (found.isEmpty()) {
      return Optional.of(QuoteRefusal.NOT_IN_BOOK);
    }
    if (!found.get().quote().trader().equals(by)) {
      return Optional.of(QuoteRefusal.NOT_YOURS);
    }
    open.remove(found.get());
    return Optional.empty();
  }

  @Override
  public List<Trade> matchOne() {
    List<Resting> asks = side(Side.ASK);
    List<Resting> bids = side(Side.BID);
    if (asks.isEmpty() || bids.isEmpty()) {
      return List.of();
    }
    Resting ask = asks.getFirst();
    Resting bid = bids.getFirst();
    if (!rule.crosses(ask.quote().pricePerKwh(), bid.quote().pricePerKwh())) {
      return List.of();
    }
    WattHours energy = ask.rest().compareTo(bid.rest()) < 0 ? ask.rest() : bid.rest();
    fill(ask, energy);
    fill(bid, energy);
    return List.of(new Trade(ask.quote(), bid.quote(), energy));
  }

  @Override
  public List<Trade> matchAll() {
    List<Trade> trades = new ArrayList<>();
    List<Trade> next = matchOne();
    while (!next.isEmpty()) {
      trades.addAll(next);
      next = matchOne();
    }
    return trades;
  }

  List<Resting> side(Side side) {
    Comparator<Resting> rising =
        Comparator.comparing((Resting resting) -> resting.quote().pricePerKwh());
    return open.stream()
        .filter(resting -> resting.quote().side() == side)
        .sorted((side == Side.ASK ? rising : rising.reversed()).thenComparingLong(Resting::arrival))
        .toList();
  }

  private void fill(Resting resting, WattHours energy) {
    open.remove(resting);
    WattHours rest = resting.rest().minus(energy);
    if (rest.compareTo(limits.minimumFill()) >= 0) {
      open.add(new Resting(resting.quote(), rest, resting.arrival()));
    }
  }

  private Optional<Resting> find(QuoteId id) {
    return open.stream().filter(resting -> resting.quote().id().equals(id)).findFirst();
  }

  private boolean crossesOwn(Quote quote) {
    return open.stream()
        .map(Resting::quote)
        .filter(own -> own.trader().equals(quote.trader()) && own.side() != quote.side())
        .anyMatch(own -> meets(own.pricePerKwh(), quote.pricePerKwh(), quote.side()));
  }

  private static boolean meets(Amount own, Amount price, Side side) {
    return side == Side.ASK ? own.compareTo(price) >= 0 : price.compareTo(own) >= 0;
  }
}
