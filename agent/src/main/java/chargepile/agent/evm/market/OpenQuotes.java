package chargepile.agent.evm.market;

import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CycleRules;
import chargepile.agent.market.MatchList;
import chargepile.agent.market.OrderBook;
import chargepile.agent.market.QuoteRefusal;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every quote that is open on the chain at a block, with its rest as its energy.
 *
 * @param asks the next to be matched first
 * @param bids likewise
 */
public record OpenQuotes(List<Resting> asks, List<Resting> bids) {
  public OpenQuotes {
    asks = sorted(asks);
    bids = sorted(bids);
  }

  private static List<Resting> sorted(List<Resting> quotes) {
    return quotes.stream()
        .sorted((one, other) -> one.equals(other) ? 0 : one.precedes(other) ? -1 : 1)
        .toList();
  }

  public List<Resting> side(Side side) {
    return switch (side) {
      case ASK -> asks;
      case BID -> bids;
    };
  }

  /** What a round matches of them, as the contract verifies it (P1-04). */
  public List<Trade> match(CycleRules rules) {
    int open = Math.max(1, asks.size() + bids.size());
    OrderBook book =
        new OrderBook(
            rules.crossRule(), new BookLimits(2 * open, open, rules.limits().minimumFill()), 0);
    Stream.concat(asks.stream(), bids.stream())
        .sorted(Comparator.comparingLong(Resting::arrival))
        .forEach(resting -> add(book, resting));
    List<Trade> trades = new ArrayList<>();
    Optional<Trade> trade = book.matchBest();
    while (trade.isPresent()) {
      trades.add(trade.get());
      trade = trades.size() < rules.matchesPerRound() ? book.matchBest() : Optional.empty();
    }
    return trades;
  }

  private static void add(OrderBook book, Resting resting) {
    Optional<QuoteRefusal> refusal = book.add(resting.quote());
    refusal.ifPresent(
        why -> {
          throw new IllegalArgumentException(
              "quote %s can't be in a book: %s".formatted(resting.quote().id(), why.text()));
        });
  }

  /** Why a list is not what these quotes give; empty when it is. */
  public Optional<MatchList.Rejection> verify(CycleRules rules, List<Trade> trades) {
    return MatchList.verify(
        rules.crossRule(),
        asks,
        bids,
        trades.stream().map(Trade::match).toList(),
        rules.matchesPerRound(),
        rules.limits().minimumFill());
  }
}
