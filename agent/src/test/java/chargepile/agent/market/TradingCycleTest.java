package chargepile.agent.market;

import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** P1-01, P1-03, P1-42. */
class TradingCycleTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = START.plus(Duration.ofMinutes(15));

  private final TradingCycle cycle = new TradingCycle(7, START, CycleRules.USUAL, 0);

  @Test
  void quotesAreTakenFromTheBeginningToTheEnd() {
    assertEquals(
        Optional.of(QuoteRefusal.CYCLE_NOT_BEGUN), cycle.quote(ask(1, 10, 5), START.minusNanos(1)));
    assertEquals(Optional.empty(), cycle.quote(ask(1, 10, 5), START));
    assertEquals(Optional.empty(), cycle.quote(ask(2, 10, 5), END.minusNanos(1)));
    assertEquals(Optional.of(QuoteRefusal.CYCLE_OVER), cycle.quote(bid(3, 12, 5), END));
    assertEquals(END, cycle.end());
  }

  @Test
  void whatIsOpenAtTheEndIsVoid() {
    cycle.quote(ask(1, 10, 5), START);
    cycle.quote(bid(2, 12, 5), START);
    assertEquals(1, cycle.open(Side.ASK, START).size());
    assertEquals(List.of(), cycle.open(Side.ASK, END));
    assertEquals(Optional.empty(), cycle.match(END));
    assertEquals(Optional.of(QuoteRefusal.CYCLE_OVER), cycle.requote(ask(1, 9, 5), END));
    assertEquals(
        Optional.of(QuoteRefusal.CYCLE_OVER),
        cycle.withdraw(new QuoteId(1), new Trader("seller-1"), END));
  }

  @Test
  void aClockThatStepsBackDoesNotReviveACycle() {
    cycle.quote(ask(1, 10, 5), START);
    cycle.open(Side.ASK, END);
    assertEquals(Optional.of(QuoteRefusal.CYCLE_OVER), cycle.quote(ask(2, 10, 5), START));
    assertEquals(List.of(), cycle.open(Side.ASK, START));
  }

  @Test
  void betweenRoundsPricesCanBeAdjusted() {
    cycle.quote(ask(1, 12, 5), START);
    cycle.quote(bid(2, 11, 5), START);
    assertEquals(List.of(), cycle.match(START).orElseThrow().trades());
    assertEquals(Optional.empty(), cycle.requote(ask(1, 10, 5), START));
    TradingCycle.Round second = cycle.match(START).orElseThrow();
    assertEquals(2, second.number());
    assertEquals("10.5", second.trades().getFirst().price().toString());
    assertEquals(
        Optional.empty(),
        MatchList.verify(
            CrossRule.STRICT, second.asks(), second.bids(), second.matches(), MatchList.UNLIMITED));
  }

  @Test
  void theRoundsOfACycleAreCounted() {
    for (int round = 1; round <= CycleRules.USUAL.rounds(); round++) {
      assertEquals(round, cycle.match(START).orElseThrow().number());
    }
    assertEquals(Optional.empty(), cycle.match(START));
    assertEquals(Optional.of(QuoteRefusal.ROUNDS_OVER), cycle.quote(ask(1, 10, 5), START));
  }

  @Test
  void aRoundOfOnePairLetsAllAdjustAfterEach() {
    TradingCycle pairwise =
        new TradingCycle(
            1,
            START,
            new CycleRules(CrossRule.STRICT, Duration.ofMinutes(1), 5, 1, BookLimits.USUAL),
            0);
    pairwise.quote(ask(1, 10, 5), START);
    pairwise.quote(ask(2, 12, 5), START);
    pairwise.quote(bid(3, 15, 7), START);
    assertEquals(1, pairwise.match(START).orElseThrow().trades().size());
    pairwise.requote(bid(3, 13, 2), START);
    assertEquals(
        "12.5", pairwise.match(START).orElseThrow().trades().getFirst().price().toString());
    assertTrue(pairwise.match(START).orElseThrow().trades().isEmpty());
  }

  @Test
  void anIdIsUsedOnceInACycle() {
    cycle.quote(ask(1, 10, 5), START);
    cycle.quote(bid(2, 12, 5), START);
    cycle.match(START);
    assertEquals(Optional.of(QuoteRefusal.ID_TAKEN), cycle.quote(ask(1, 10, 5), START));
    assertEquals(Optional.of(QuoteRefusal.NOT_IN_BOOK), cycle.requote(ask(1, 10, 5), START));
  }

  /** Whoever quotes and withdraws without end meets a limit, and the others do not. */
  @Test
  void aTraderMakesSoManyQuotesInACycleAndTheCycleTakesSoMany() {
    BookLimits limits = new BookLimits(1, 2, BookLimits.USUAL.minimumFill());
    TradingCycle small =
        new TradingCycle(
            1, START, new CycleRules(CrossRule.STRICT, Duration.ofMinutes(1), 1, 1, limits), 5);
    for (int i = 0; i < 16; i++) {
      Trader trader = new Trader("trader-" + i / 2);
      assertEquals(
          Optional.empty(), small.quote(Quotes.of(Side.ASK, i, trader.value(), 10, 5), START));
      assertEquals(Optional.empty(), small.withdraw(new QuoteId(i), trader, START));
    }
    assertEquals(
        Optional.of(QuoteRefusal.TRADER_FULL),
        small.quote(Quotes.of(Side.ASK, 99, "trader-7", 10, 5), START));
    assertEquals(Optional.of(QuoteRefusal.CYCLE_FULL), small.quote(ask(99, 10, 5), START));
  }

  @Test
  void whoSellsInOneCycleMayBuyInTheNext() {
    assertEquals(Optional.empty(), cycle.quote(Quotes.of(Side.ASK, 1, "car", 10, 5), START));
    TradingCycle next = new TradingCycle(8, END, CycleRules.USUAL, 0);
    assertEquals(Optional.empty(), next.quote(Quotes.of(Side.BID, 1, "car", 15, 5), END));
    assertEquals(8, next.number());
  }

  @Test
  void rulesThatMakeNoCycleAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CycleRules(CrossRule.STRICT, Duration.ZERO, 1, 1, BookLimits.USUAL));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CycleRules(CrossRule.STRICT, Duration.ofMinutes(1), 0, 1, BookLimits.USUAL));
    assertThrows(
        IllegalArgumentException.class, () -> new TradingCycle(-1, START, CycleRules.USUAL, 0));
  }
}
