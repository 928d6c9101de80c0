package chargepile.agent.market;

import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** P1-43: the claim of fairness, measured. */
class EfficiencyTest {
  @Test
  void theTablesOwnTradesAreTheBestAndSharedEvenly() {
    List<Quote> quotes = List.of(ask(1, 10, 5), ask(2, 12, 5), bid(3, 15, 7), bid(4, 11, 4));
    Efficiency achieved = Efficiency.of(limits(quotes), matched(quotes));
    // 5 Wh · (15 - 10) + 2 Wh · (15 - 12), in halves
    assertEquals(BigInteger.valueOf(62), achieved.total());
    assertEquals(achieved.total(), achieved.optimum());
    assertEquals(ppm(1_000_000), achieved.ppm());
    assertEquals(ppm(500_000), achieved.sellersPpm());
  }

  @Test
  void whoShadesTakesFromTheOther() {
    List<Quote> limits = List.of(ask(1, 10, 1), bid(2, 20, 1));
    List<Quote> shaded = List.of(ask(1, 18, 1), bid(2, 20, 1));
    Efficiency achieved = Efficiency.of(limits(limits), matched(shaded));
    assertEquals(ppm(1_000_000), achieved.ppm());
    assertEquals(ppm(900_000), achieved.sellersPpm());
  }

  @Test
  void whoShadesTooMuchLosesForBoth() {
    List<Quote> limits = List.of(ask(1, 10, 1), bid(2, 20, 1));
    Efficiency achieved =
        Efficiency.of(limits(limits), matched(List.of(ask(1, 21, 1), bid(2, 20, 1))));
    assertEquals(ppm(0), achieved.ppm());
    assertEquals(Optional.empty(), achieved.sellersPpm());
  }

  @Test
  void whereNothingIsPossibleNothingIsMissing() {
    Efficiency achieved = Efficiency.of(limits(List.of(ask(1, 10, 1))), List.of());
    assertEquals(ppm(1_000_000), achieved.ppm());
    assertEquals(Optional.empty(), achieved.sellersPpm());
  }

  /** Both quoted what they would not have done: a trade at a loss is no achievement. */
  @Test
  void aLossIsToldAsOne() {
    List<Quote> limits = List.of(ask(1, 20, 1), bid(2, 10, 1));
    Efficiency achieved =
        Efficiency.of(limits(limits), matched(List.of(ask(1, 5, 1), bid(2, 15, 1))));
    assertEquals(BigInteger.valueOf(-20), achieved.total());
    assertEquals(Optional.empty(), achieved.ppm());
    assertEquals(Optional.empty(), achieved.sellersPpm());
  }

  @Test
  void sharesMayBeBelowNothingAndOfAnySize() {
    BigInteger huge = BigInteger.TEN.pow(30);
    Efficiency even = new Efficiency(BigInteger.valueOf(-5), BigInteger.valueOf(5), BigInteger.ONE);
    assertEquals(ppm(0), even.ppm());
    assertEquals(Optional.empty(), even.sellersPpm());
    Efficiency wide = new Efficiency(huge, BigInteger.ONE.subtract(huge), BigInteger.valueOf(3));
    assertEquals(ppm(333_333), wide.ppm());
    assertEquals(Optional.of(huge.multiply(BigInteger.valueOf(1_000_000))), wide.sellersPpm());
    assertEquals(
        ppm(-333_334),
        new Efficiency(BigInteger.ONE.negate(), BigInteger.ZERO, BigInteger.valueOf(3)).ppm());
  }

  @Test
  void aTradeOfAnUnknownQuoteIsNoMeasure() {
    List<Trade> trades = matched(List.of(ask(1, 10, 1), bid(2, 20, 1)));
    assertThrows(IllegalArgumentException.class, () -> Efficiency.of(List.of(), trades));
  }

  @Property(tries = 500)
  void oneRoundOfHonestQuotesIsAsGoodAsCanBe(
      @ForAll CrossRule rule, @ForAll("quotes") List<Quote> drawn) {
    OrderBook book = new OrderBook(rule);
    List<Quote> quotes = new ArrayList<>(drawn);
    quotes.removeIf(quote -> book.add(quote).isPresent());
    List<Trade> trades = new ArrayList<>();
    book.match(trades::add);
    Efficiency achieved = Efficiency.of(limits(quotes), trades);
    assertEquals(achieved.optimum(), achieved.total());
    assertEquals(achieved.sellers(), achieved.buyers());
    assertTrue(achieved.sellers().signum() >= 0);
  }

  @Provide
  Arbitrary<List<Quote>> quotes() {
    return Commands.quotes().list().ofMaxSize(30);
  }

  private static List<Efficiency.Limit> limits(List<Quote> quotes) {
    return quotes.stream().map(Efficiency.Limit::of).toList();
  }

  private static Optional<BigInteger> ppm(long value) {
    return Optional.of(BigInteger.valueOf(value));
  }

  private static List<Trade> matched(List<Quote> quotes) {
    OrderBook book = new OrderBook(CrossRule.STRICT);
    quotes.forEach(book::add);
    List<Trade> trades = new ArrayList<>();
    book.match(trades::add);
    return trades;
  }
}
