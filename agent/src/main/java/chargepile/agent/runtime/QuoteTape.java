package chargepile.agent.runtime;

import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.QuoteLog;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.MatchView;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The quotes that are open and an account's matches, as the logs of the quote book tell them. */
final class QuoteTape {
  private final MarketRules rules;
  private final Trader self;
  private final Map<QuoteId, Quote> open = new LinkedHashMap<>();
  private final List<MatchView> matches = new ArrayList<>();
  private final List<QuoteLog.Matched> unplaced = new ArrayList<>();
  private long cycle = -1;
  private long matchedCycle = -1;
  private int matchedRounds;

  QuoteTape(MarketRules rules, Trader self) {
    this.rules = rules;
    this.self = self;
  }

  QuoteTape copy() {
    QuoteTape copy = new QuoteTape(rules, self);
    copy.open.putAll(open);
    copy.matches.addAll(matches);
    copy.unplaced.addAll(unplaced);
    copy.cycle = cycle;
    copy.matchedCycle = matchedCycle;
    copy.matchedRounds = matchedRounds;
    return copy;
  }

  /** What stands in the next log. */
  void hear(QuoteLog log) {
    switch (log) {
      case QuoteLog.Quoted(
              long of,
              var id,
              var trader,
              Side side,
              Amount price,
              WattHours energy) -> {
        if (of != cycle) {
          open.clear(); // void (P1-03)
          cycle = of;
        }
        open.put(id, new Quote(id, ChainNames.trader(trader), side, price, energy));
      }
      case QuoteLog.Requoted(QuoteId previous, QuoteId id, Amount price, WattHours energy) -> {
        Quote before = open.remove(previous);
        if (before != null) {
          open.put(id, new Quote(id, before.trader(), before.side(), price, energy));
        }
      }
      case QuoteLog.Withdrawn(QuoteId id) -> open.remove(id);
      case QuoteLog.Displaced(QuoteId id, _) -> open.remove(id);
      case QuoteLog.Matched matched -> {
        fill(matched.match().ask(), matched.match().energy());
        fill(matched.match().bid(), matched.match().energy());
        unplaced.add(matched);
      }
      case QuoteLog.RoundMatched(long of, int round, _) -> {
        matchedCycle = of;
        matchedRounds = round + 1;
        unplaced.forEach(matched -> place(matched, of, round));
        unplaced.clear();
      }
    }
  }

  private void fill(QuoteId id, WattHours energy) {
    Quote quote = open.get(id);
    if (quote == null) {
      return;
    }
    WattHours rest = quote.energy().minusOrZero(energy);
    if (rest.compareTo(rules.cycle().limits().minimumFill()) < 0) {
      open.remove(id);
    } else {
      open.put(id, new Quote(id, quote.trader(), quote.side(), quote.pricePerKwh(), rest));
    }
  }

  private void place(QuoteLog.Matched matched, long of, int round) {
    Trader seller = ChainNames.trader(matched.seller());
    Trader buyer = ChainNames.trader(matched.buyer());
    if (seller.equals(self) || buyer.equals(self)) {
      matches.add(
          new MatchView(
              new MatchedQuotes(matched.match().ask(), matched.match().bid()),
              of,
              rules.matchingFrom(new MarketClock(of, round, true)),
              seller,
              buyer,
              matched.match().price(),
              matched.match().energy()));
    }
  }

  List<MatchView> matches() {
    return List.copyOf(matches);
  }

  /** Every open quote of a side; none where the cycle of the clock is a later one. */
  List<Resting> side(Side side, @Nullable MarketClock clock) {
    if (clock == null || clock.cycle() != cycle) {
      return List.of();
    }
    return open.values().stream()
        .filter(quote -> quote.side() == side)
        .map(quote -> new Resting(quote, quote.energy(), quote.id().value()))
        .toList();
  }

  /** Whether the round of the clock was matched. */
  boolean isMatched(MarketClock clock) {
    return matchedCycle == clock.cycle() && matchedRounds > clock.round();
  }
}
