package chargepile.agent.cli.market;

import chargepile.agent.market.Efficiency.Limit;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each quote's party would have done in the cycle: for all the energy that it ever offered or
 * wanted, what the file says is its limit, or else the best price for others that it quoted.
 */
final class Limits {
  private final Map<QuoteId, Limit> quoted = new LinkedHashMap<>();
  private final Map<QuoteId, Amount> told = new HashMap<>();
  private final Map<QuoteId, WattHours> traded = new HashMap<>();

  boolean known(QuoteId id) {
    return quoted.containsKey(id);
  }

  /** A line that the market took. */
  void accepted(QuoteFile.Line line) {
    line.limit().ifPresent(limit -> told.put(line.id(), limit));
    line.quote().ifPresent(quote -> quoted.merge(line.id(), withTraded(quote), Limits::wider));
  }

  void traded(List<Trade> trades) {
    for (Trade trade : trades) {
      traded.merge(trade.ask().id(), trade.energy(), WattHours::plus);
      traded.merge(trade.bid().id(), trade.energy(), WattHours::plus);
    }
  }

  List<Limit> all() {
    return quoted.values().stream()
        .map(
            limit ->
                Optional.ofNullable(told.get(limit.id()))
                    .map(price -> new Limit(limit.id(), limit.side(), price, limit.energy()))
                    .orElse(limit))
        .toList();
  }

  private Limit withTraded(Quote quote) {
    WattHours before = traded.getOrDefault(quote.id(), WattHours.ZERO);
    return new Limit(quote.id(), quote.side(), quote.pricePerKwh(), before.plus(quote.energy()));
  }

  private static Limit wider(Limit one, Limit other) {
    boolean lower = one.pricePerKwh().compareTo(other.pricePerKwh()) < 0;
    Limit better = lower == (one.side() == Side.ASK) ? one : other;
    WattHours energy = one.energy().compareTo(other.energy()) > 0 ? one.energy() : other.energy();
    return new Limit(one.id(), one.side(), better.pricePerKwh(), energy);
  }
}
