package chargepile.agent.market.desk;

import chargepile.agent.market.BookLimits;
import chargepile.agent.market.Match;
import chargepile.agent.market.OrderBook;
import chargepile.agent.market.Quote;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import chargepile.agent.market.Trader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Computes a round's matches off chain and announces them, where nobody else did (P1-04). */
final class Announcing {
  private static final int AS_MANY_AS_THERE_ARE = 1_000_000;

  private Announcing() {}

  /**
   * @param first whether it does so at once, or leaves half of the time to others
   */
  static void drive(Intents intents, MarketView view, boolean first) {
    CycleView cycle = view.cycle().orElse(null);
    if (cycle == null || cycle.matched() || view.now().isBefore(from(cycle, first))) {
      return;
    }
    OrderBook book =
        new OrderBook(
            view.rules().cross(),
            new BookLimits(AS_MANY_AS_THERE_ARE, AS_MANY_AS_THERE_ARE, view.rules().minimumFill()),
            0);
    if (!isFilled(book, view)) {
      intents.say("the matches can't be announced: the quotes that the chain shows are no book");
      return;
    }
    List<Resting> asks = book.side(Side.ASK);
    List<Resting> bids = book.side(Side.BID);
    List<Match> matches = new ArrayList<>();
    boolean own = false;
    while (matches.size() < view.rules().mostMatches()) {
      Optional<Trade> trade = book.matchBest();
      if (trade.isEmpty()) {
        break;
      }
      own |= isOf(view.self(), trade.get());
      matches.add(trade.get().match());
    }
    if (own) {
      intents.add(new DeskAction.Announce(cycle.number(), cycle.round(), asks, bids, matches));
    }
  }

  private static Instant from(CycleView cycle, boolean first) {
    Duration half = Duration.between(cycle.standsFrom(), cycle.roundEnds()).dividedBy(2);
    return first ? cycle.standsFrom() : cycle.standsFrom().plus(half);
  }

  private static boolean isFilled(OrderBook book, MarketView view) {
    return Stream.concat(view.asks().stream(), view.bids().stream())
        .sorted(Comparator.comparingLong(Resting::arrival))
        .map(Announcing::rest)
        .allMatch(quote -> book.add(quote).isEmpty());
  }

  private static Quote rest(Resting open) {
    Quote quote = open.quote();
    return new Quote(quote.id(), quote.trader(), quote.side(), quote.pricePerKwh(), open.rest());
  }

  private static boolean isOf(Trader self, Trade trade) {
    return trade.seller().equals(self) || trade.buyer().equals(self);
  }
}
