package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What may be done to a book, drawn from few prices, traders and ids, so that much collides. */
sealed interface Commands {
  record Add(Quote quote) implements Commands {}

  record Requote(Quote quote) implements Commands {}

  record Withdraw(QuoteId id, Trader by) implements Commands {}

  record MatchOne() implements Commands {}

  record MatchAll() implements Commands {}

  /** What both the book and its model can do. */
  interface Book {
    Optional<QuoteRefusal> add(Quote quote);

    Optional<QuoteRefusal> requote(Quote quote);

    Optional<QuoteRefusal> withdraw(QuoteId id, Trader by);

    List<Trade> matchOne();

    List<Trade> matchAll();
  }

  static Arbitrary<List<Commands>> streams() {
    Arbitrary<Commands> one =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, quotes().map(Add::new)),
            net.jqwik.api.Tuple.of(3, quotes().map(Requote::new)),
            net.jqwik.api.Tuple.of(
                2, quotes().map(quote -> new Withdraw(quote.id(), quote.trader()))),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(new MatchOne())),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new MatchAll())));
    return one.list().ofMaxSize(60);
  }

  /** A quote's id decides its trader, mostly: only those of id 0 to 3 have anybody's. */
  static Arbitrary<Quote> quotes() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 30),
            Arbitraries.of(Side.class),
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(95, 105),
            Arbitraries.longs().between(1, 9))
        .as(
            (id, side, who, price, energy) ->
                new Quote(
                    new QuoteId(id),
                    new Trader("trader-" + (id < 4 ? who : id % 7)),
                    side,
                    new Amount(price),
                    new WattHours(energy)));
  }
}
