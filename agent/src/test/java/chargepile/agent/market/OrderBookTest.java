package chargepile.agent.market;

import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P1-37 to P1-42. */
class OrderBookTest {
  private final OrderBook book = new OrderBook(CrossRule.STRICT);

  /** The vector of P1-42. */
  @Test
  void theTablesOwnQuotesTradeAsTheTableSays() {
    add(ask(1, 10, 5), bid(3, 15, 7), ask(2, 12, 5), bid(4, 11, 4));
    assertEquals(
        List.of(
            match(ask(1, 10, 5), bid(3, 15, 7), 25, 5), match(ask(2, 12, 5), bid(3, 15, 7), 27, 2)),
        matched().stream().map(Trade::match).toList());
    assertEquals(List.of(new Resting(ask(2, 12, 5), new WattHours(3), 2)), book.side(Side.ASK));
    assertEquals(List.of(new Resting(bid(4, 11, 4), new WattHours(4), 3)), book.side(Side.BID));
  }

  @Test
  void eachPairHasAPriceOfItsOwn() {
    add(ask(1, 10, 1), ask(2, 18, 1), bid(3, 20, 1), bid(4, 19, 1));
    assertEquals(
        List.of("15", "18.5"), matched().stream().map(trade -> trade.price().toString()).toList());
  }

  @ParameterizedTest
  @CsvSource({"STRICT, 11, 1", "STRICT, 10, 0", "WEAK, 10, 1", "WEAK, 9, 0"})
  void theRuleDecidesAtEqualPrices(CrossRule rule, long bid, int trades) {
    OrderBook other = new OrderBook(rule);
    other.add(ask(1, 10, 1));
    other.add(bid(2, bid, 1));
    assertEquals(trades == 1, other.isCrossed());
    List<Trade> found = new ArrayList<>();
    other.match(found::add);
    assertEquals(trades, found.size());
  }

  @Test
  void ofEqualPricesTheEarlierTradesFirst() {
    add(ask(1, 10, 1), ask(2, 10, 1), bid(3, 12, 1));
    assertEquals(new QuoteId(1), matched().getFirst().ask().id());
  }

  @Test
  void theRestOfAPartialFillKeepsItsPlace() {
    add(ask(1, 10, 5), ask(2, 10, 5), bid(3, 12, 3));
    matched();
    add(bid(4, 12, 1));
    assertEquals(new QuoteId(1), matched().getFirst().ask().id());
    assertEquals(List.of(1L, 4L), List.of(rest(1), rest(2) - 1));
  }

  @ParameterizedTest(name = "price {0}, energy {1}: {2} is first")
  @CsvSource({"10, 4, 1", "10, 5, 1", "10, 6, 2", "11, 5, 2", "9, 5, 1"})
  void aRequoteKeepsItsPlaceOnlyWithLessAtTheSamePrice(long price, long energy, long first) {
    add(ask(1, 10, 5), ask(2, 10, 5));
    assertEquals(Optional.empty(), book.requote(ask(1, price, energy)));
    assertEquals(new QuoteId(first), book.side(Side.ASK).getFirst().quote().id());
    assertEquals(energy, rest(1));
  }

  @Test
  void moreThanTheRestIsMoreAlsoWhenItIsLessThanAtFirst() {
    add(ask(1, 10, 5), ask(2, 10, 5), bid(3, 12, 3));
    matched();
    book.requote(ask(1, 10, 4));
    assertEquals(new QuoteId(2), book.side(Side.ASK).getFirst().quote().id());
  }

  @Test
  void aTraderMayQuoteBothSidesWhileTheyDoNotMeet() {
    add(Quotes.of(Side.ASK, 1, "car", 20, 1));
    assertEquals(Optional.empty(), book.add(Quotes.of(Side.BID, 2, "car", 19, 1)));
    assertEquals(
        Optional.of(QuoteRefusal.SELF_MATCH), book.add(Quotes.of(Side.BID, 3, "car", 20, 1)));
    assertEquals(
        Optional.of(QuoteRefusal.SELF_MATCH), book.requote(Quotes.of(Side.ASK, 1, "car", 19, 1)));
    book.withdraw(new QuoteId(1), new Trader("car"));
    assertEquals(Optional.empty(), book.add(Quotes.of(Side.BID, 3, "car", 20, 1)));
  }

  @Test
  void onlyTheOwnerChangesAQuoteAndOnlyWhileItIsOpen() {
    add(ask(1, 10, 5));
    Trader stranger = new Trader("stranger");
    assertEquals(
        Optional.of(QuoteRefusal.NOT_YOURS),
        book.requote(Quotes.of(Side.ASK, 1, "stranger", 9, 1)));
    assertEquals(Optional.of(QuoteRefusal.NOT_YOURS), book.withdraw(new QuoteId(1), stranger));
    assertEquals(
        Optional.of(QuoteRefusal.OTHER_SIDE),
        book.requote(Quotes.of(Side.BID, 1, "seller-1", 9, 1)));
    assertEquals(Optional.of(QuoteRefusal.ID_TAKEN), book.add(ask(1, 9, 1)));
    add(bid(2, 12, 5));
    matched();
    assertEquals(Optional.of(QuoteRefusal.NOT_IN_BOOK), book.requote(ask(1, 9, 1)));
    assertEquals(
        Optional.of(QuoteRefusal.NOT_IN_BOOK),
        book.withdraw(new QuoteId(1), new Trader("seller-1")));
    assertEquals(0, book.size());
    assertFalse(book.contains(new QuoteId(1)));
  }

  @Test
  void aFullBookTakesNoMore() {
    OrderBook small = new OrderBook(CrossRule.STRICT, limits(1, 9, 1), 0);
    assertEquals(Optional.empty(), small.add(ask(1, 10, 1)));
    assertEquals(Optional.of(QuoteRefusal.BOOK_FULL), small.add(ask(2, 10, 1)));
    assertEquals(Optional.empty(), small.add(bid(2, 9, 1)), "the other side has room");
    assertThrows(IllegalArgumentException.class, () -> limits(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> limits(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> limits(1, 1, 0));
  }

  @Test
  void inAFullBookAWorsePriceOfWhoHasMoreQuotesGivesWay() {
    OrderBook small = new OrderBook(CrossRule.STRICT, limits(4, 9, 1), 0);
    small.add(Quotes.of(Side.ASK, 1, "many", 20, 1));
    small.add(Quotes.of(Side.ASK, 2, "many", 10, 1));
    small.add(bid(3, 5, 1));
    assertEquals(
        Optional.of(QuoteRefusal.GIVES_NO_WAY),
        small.add(Quotes.of(Side.ASK, 4, "one", 20, 1), Optional.of(new QuoteId(1))));
    assertEquals(
        Optional.of(QuoteRefusal.NOT_IN_BOOK),
        small.add(Quotes.of(Side.ASK, 4, "one", 19, 1), Optional.of(new QuoteId(3))));
    assertEquals(
        Optional.empty(),
        small.add(Quotes.of(Side.ASK, 4, "one", 19, 1), Optional.of(new QuoteId(1))));
    assertFalse(small.contains(new QuoteId(1)));
    assertEquals(
        Optional.of(QuoteRefusal.GIVES_NO_WAY),
        small.add(Quotes.of(Side.ASK, 6, "one", 9, 1), Optional.of(new QuoteId(2))),
        "it has no fewer");
    assertEquals(3, small.size());
  }

  @Test
  void aTraderLeavesRoomForTheOthers() {
    OrderBook shared = new OrderBook(CrossRule.STRICT, limits(9, 2, 1), 0);
    assertEquals(Optional.empty(), shared.add(Quotes.of(Side.ASK, 1, "car", 20, 1)));
    assertEquals(Optional.empty(), shared.add(Quotes.of(Side.BID, 2, "car", 10, 1)));
    assertEquals(
        Optional.of(QuoteRefusal.TRADER_FULL), shared.add(Quotes.of(Side.BID, 3, "car", 10, 1)));
    assertEquals(Optional.empty(), shared.add(bid(3, 10, 1)));
    shared.withdraw(new QuoteId(2), new Trader("car"));
    assertEquals(Optional.empty(), shared.add(Quotes.of(Side.BID, 4, "car", 10, 1)));
  }

  @Test
  void whoQuotesAndWithdrawsIsForgotten() {
    for (int i = 0; i < 10_000; i++) {
      add(ask(i, 10, 1));
      book.withdraw(new QuoteId(i), new Trader("seller-" + i));
    }
    assertTrue(book.traders() <= 1024, () -> book.traders() + " traders");
  }

  /** P1-40: a rest that no pair may trade any more is void. */
  @Test
  void noPairTradesLessThanTheMinimum() {
    OrderBook large = new OrderBook(CrossRule.STRICT, limits(9, 9, 3), 0);
    assertEquals(Optional.of(QuoteRefusal.TOO_LITTLE), large.add(ask(1, 10, 2)));
    assertEquals(Optional.empty(), large.add(ask(1, 10, 8)));
    assertEquals(Optional.of(QuoteRefusal.TOO_LITTLE), large.requote(ask(1, 10, 2)));
    assertEquals(Optional.empty(), large.add(bid(2, 12, 3)));
    assertEquals(Optional.empty(), large.add(bid(3, 12, 3)));
    assertEquals(Optional.empty(), large.add(bid(4, 12, 3)));
    List<Trade> trades = new ArrayList<>();
    large.match(trades::add);
    assertEquals(List.of(3L, 3L), trades.stream().map(trade -> trade.energy().value()).toList());
    assertEquals(List.of(), large.side(Side.ASK));
    assertEquals(new WattHours(3), large.side(Side.BID).getFirst().rest());
  }

  @Property(tries = 1500)
  void itDoesWhatTheModelDoes(
      @ForAll CrossRule rule,
      @ForAll("limits") BookLimits limits,
      @ForAll("streams") List<Commands> commands) {
    OrderBook real = new OrderBook(rule, limits, limits.hashCode());
    ModelBook model = new ModelBook(rule, limits);
    for (Commands command : commands) {
      assertEquals(run(command, model), run(command, adapted(real)), command::toString);
      assertEquals(model.side(Side.ASK), real.side(Side.ASK));
      assertEquals(model.side(Side.BID), real.side(Side.BID));
    }
  }

  @Property(tries = 500)
  void everyTradeSuitsBothAndNothingIsLost(
      @ForAll CrossRule rule, @ForAll("streams") List<Commands> commands) {
    OrderBook real = new OrderBook(rule);
    for (Commands command : commands) {
      if (!(command instanceof Commands.Add(Quote quote))) {
        continue;
      }
      real.add(quote);
    }
    long offered = energy(real, Side.ASK);
    long wanted = energy(real, Side.BID);
    long traded = 0;
    List<Trade> trades = new ArrayList<>();
    real.match(trades::add);
    for (Trade trade : trades) {
      assertTrue(trade.price().suits(trade.ask().pricePerKwh(), trade.bid().pricePerKwh()));
      assertFalse(trade.seller().equals(trade.buyer()));
      traded += trade.energy().value();
    }
    assertEquals(offered, energy(real, Side.ASK) + traded);
    assertEquals(wanted, energy(real, Side.BID) + traded);
    assertFalse(real.isCrossed());
    assertEquals(real.size(), real.side(Side.ASK).size() + real.side(Side.BID).size());
  }

  @Property(tries = 300)
  void whatBuyersPayIsWhatSellersAndFeesGet(
      @ForAll CrossRule rule, @ForAll("streams") List<Commands> commands) {
    RevenueSplit.Fees fees = new RevenueSplit.Fees(300, 50);
    OrderBook real = new OrderBook(rule);
    long paid = 0;
    long received = 0;
    for (Commands command : commands) {
      if (run(command, adapted(real)) instanceof List<?> trades) {
        for (Object each : trades) {
          Trade trade = (Trade) each;
          RevenueSplit split = RevenueSplit.of(trade.amount(), fees);
          paid += trade.amount().value();
          received += split.producer().value() + split.grid().value() + split.agency().value();
          assertTrue(limit(trade.ask(), trade).compareTo(trade.amount()) <= 0);
          assertTrue(limit(trade.bid(), trade).compareTo(trade.amount()) >= 0);
        }
      }
    }
    assertEquals(paid, received);
  }

  @Test
  void itGrowsAndShrinksWithItsQuotes() {
    for (int i = 0; i < 5000; i++) {
      add(ask(i, 1_000_000 + (i * 7919) % 5000, 1 + i % 3));
    }
    List<Resting> asks = book.side(Side.ASK);
    for (int i = 1; i < asks.size(); i++) {
      assertTrue(asks.get(i - 1).precedes(asks.get(i)));
    }
    for (int i = 0; i < 5000; i += 2) {
      assertEquals(Optional.empty(), book.withdraw(new QuoteId(i), new Trader("seller-" + i)));
    }
    assertEquals(2500, book.size());
    add(bid(9000, 2_000_000, 1_000_000));
    assertEquals(2500, matched().size());
    assertEquals(1, book.size());
  }

  @Provide
  Arbitrary<BookLimits> limits() {
    return Arbitraries.of(
        BookLimits.USUAL, limits(12, 9, 1), limits(99, 3, 1), limits(99, 99, 3), limits(9, 4, 2));
  }

  private static BookLimits limits(int capacity, int perTrader, long minimumFill) {
    return new BookLimits(capacity, perTrader, new WattHours(minimumFill));
  }

  @Provide
  Arbitrary<List<Commands>> streams() {
    return Commands.streams();
  }

  private void add(Quote... quotes) {
    for (Quote quote : quotes) {
      assertEquals(Optional.empty(), book.add(quote));
    }
  }

  private List<Trade> matched() {
    List<Trade> trades = new ArrayList<>();
    book.match(trades::add);
    return trades;
  }

  private static Match match(Quote ask, Quote bid, long doubled, long energy) {
    return new Match(
        ask.id(),
        bid.id(),
        ask.pricePerKwh(),
        bid.pricePerKwh(),
        new TradePrice(doubled),
        new WattHours(energy));
  }

  private long rest(long id) {
    return book.side(Side.ASK).stream()
        .filter(resting -> resting.quote().id().equals(new QuoteId(id)))
        .findFirst()
        .orElseThrow()
        .rest()
        .value();
  }

  /** What a quote's own price makes of a trade's energy. */
  private static Amount limit(Quote quote, Trade trade) {
    return TradePrice.of(quote.pricePerKwh()).amount(trade.energy());
  }

  private static long energy(OrderBook book, Side side) {
    return book.side(side).stream().mapToLong(resting -> resting.rest().value()).sum();
  }

  private static Object run(Commands command, Commands.Book book) {
    return switch (command) {
      case Commands.Add(Quote quote) -> book.add(quote);
      case Commands.Requote(Quote quote) -> book.requote(quote);
      case Commands.Withdraw(QuoteId id, Trader by) -> book.withdraw(id, by);
      case Commands.MatchOne() -> book.matchOne();
      case Commands.MatchAll() -> book.matchAll();
    };
  }

  private static Commands.Book adapted(OrderBook book) {
    return new Commands.Book() {
      @Override
      public Optional<QuoteRefusal> add(Quote quote) {
        return book.add(quote);
      }

      @Override
      public Optional<QuoteRefusal> requote(Quote quote) {
        return book.requote(quote);
      }

      @Override
      public Optional<QuoteRefusal> withdraw(QuoteId id, Trader by) {
        return book.withdraw(id, by);
      }

      @Override
      public List<Trade> matchOne() {
        return book.matchBest().stream().toList();
      }

      @Override
      public List<Trade> matchAll() {
        List<Trade> trades = new ArrayList<>();
        book.match(trades::add);
        return trades;
      }
    };
  }
}
