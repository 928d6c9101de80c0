package chargepile.agent.market;

import static chargepile.agent.market.MatchList.Flaw.ASKS_NOT_SORTED;
import static chargepile.agent.market.MatchList.Flaw.ASK_OUT_OF_TURN;
import static chargepile.agent.market.MatchList.Flaw.BELOW_MINIMUM;
import static chargepile.agent.market.MatchList.Flaw.BIDS_NOT_SORTED;
import static chargepile.agent.market.MatchList.Flaw.BID_OUT_OF_TURN;
import static chargepile.agent.market.MatchList.Flaw.INCOMPLETE;
import static chargepile.agent.market.MatchList.Flaw.NOT_CROSSED;
import static chargepile.agent.market.MatchList.Flaw.OTHER_PRICES;
import static chargepile.agent.market.MatchList.Flaw.REPEATED_ID;
import static chargepile.agent.market.MatchList.Flaw.SELF_MATCH;
import static chargepile.agent.market.MatchList.Flaw.TOO_MANY;
import static chargepile.agent.market.MatchList.Flaw.WRONG_PRICE;
import static chargepile.agent.market.MatchList.Flaw.WRONG_SIDE;
import static chargepile.agent.market.MatchList.Flaw.WRONG_VOLUME;
import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.MatchList.Flaw;
import chargepile.agent.market.MatchList.Rejection;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P1-04: an announced list is verified without matching again. */
class MatchListTest {
  private static final List<Resting> ASKS =
      List.of(resting(ask(1, 10, 5), 0), resting(ask(2, 12, 5), 2));
  private static final List<Resting> BIDS =
      List.of(resting(bid(3, 15, 7), 1), resting(bid(4, 11, 4), 3));
  private static final List<Match> MATCHES = List.of(match(1, 3, 25, 5), match(2, 3, 27, 2));

  @Test
  void theTrueListPasses() {
    assertEquals(Optional.empty(), verify(ASKS, BIDS, MATCHES));
    assertEquals(Optional.empty(), verify(ASKS, List.of(), List.of()));
  }

  @Test
  void everyTamperingHasItsName() {
    Match first = MATCHES.getFirst();
    assertFlaw(WRONG_PRICE, 1, first, match(2, 3, 26, 2));
    assertFlaw(WRONG_VOLUME, 1, first, match(2, 3, 27, 1));
    assertFlaw(WRONG_VOLUME, 1, first, match(2, 3, 27, 3));
    assertFlaw(WRONG_VOLUME, 0, match(1, 3, 25, 0), first);
    assertFlaw(INCOMPLETE, 1, first);
    assertFlaw(INCOMPLETE, 0);
    assertFlaw(ASK_OUT_OF_TURN, 0, match(2, 3, 27, 5));
    assertFlaw(ASK_OUT_OF_TURN, 0, match(9, 3, 27, 5));
    assertFlaw(ASK_OUT_OF_TURN, 1, first, first);
    assertFlaw(BID_OUT_OF_TURN, 0, match(1, 4, 21, 4));
    assertFlaw(NOT_CROSSED, 2, first, MATCHES.get(1), match(2, 4, 23, 3));
    assertFlaw(OTHER_PRICES, 0, match(ask(1, 9, 5), bid(3, 15, 7), 25, 5));
    assertFlaw(OTHER_PRICES, 0, match(ask(1, 10, 5), bid(3, 16, 7), 25, 5));
  }

  @Test
  void theSidesMustBeSorted() {
    assertEquals(
        Optional.of(new Rejection(ASKS_NOT_SORTED, 1)), verify(ASKS.reversed(), BIDS, MATCHES));
    assertEquals(
        Optional.of(new Rejection(BIDS_NOT_SORTED, 1)), verify(ASKS, BIDS.reversed(), MATCHES));
    assertEquals(Optional.of(new Rejection(WRONG_SIDE, 0)), verify(BIDS, BIDS, MATCHES));
    List<Resting> twice = List.of(ASKS.getFirst(), ASKS.getFirst());
    assertEquals(Optional.of(new Rejection(ASKS_NOT_SORTED, 1)), verify(twice, BIDS, MATCHES));
    List<Resting> late = List.of(resting(ask(1, 10, 5), 2), resting(ask(2, 10, 5), 0));
    assertEquals(Optional.of(new Rejection(ASKS_NOT_SORTED, 1)), verify(late, BIDS, MATCHES));
  }

  @Test
  void nobodyTradesWithItself() {
    Quote ask = Quotes.of(Side.ASK, 1, "car", 10, 5);
    Quote bid = Quotes.of(Side.BID, 2, "car", 15, 5);
    assertEquals(
        Optional.of(new Rejection(SELF_MATCH, 0)),
        verify(
            List.of(resting(ask, 0)), List.of(resting(bid, 1)), List.of(match(ask, bid, 25, 5))));
  }

  @Test
  void aLimitedRoundMayEndWhileItStillCrosses() {
    List<Match> one = MATCHES.subList(0, 1);
    assertEquals(Optional.empty(), MatchList.verify(CrossRule.STRICT, ASKS, BIDS, one, 1));
  }

  /** Or the second pair would trade before all could adjust their prices (P1-42). */
  @Test
  void aLimitedRoundHasNoMoreMatches() {
    assertEquals(
        Optional.of(new Rejection(TOO_MANY, 1)),
        MatchList.verify(CrossRule.STRICT, ASKS, BIDS, MATCHES, 1));
    assertEquals(
        Optional.empty(), MatchList.verify(CrossRule.STRICT, ASKS, BIDS, MATCHES, MATCHES.size()));
  }

  @Test
  void noQuoteIsSoldTwice() {
    Quote ask = ask(1, 10, 5);
    Quote bid = bid(3, 15, 10);
    assertEquals(
        Optional.of(new Rejection(REPEATED_ID, 1)),
        verify(
            List.of(resting(ask, 0), resting(ask, 1)),
            List.of(resting(bid, 2)),
            List.of(match(ask, bid, 25, 5), match(ask, bid, 25, 5))));
    assertEquals(
        Optional.of(new Rejection(REPEATED_ID, 0)),
        verify(
            List.of(resting(ask, 0)),
            List.of(resting(bid(1, 15, 5), 2)),
            List.of(match(ask, bid(1, 15, 5), 25, 5))));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 6, 50})
  void noMoreRestsThanWasQuotedAndNeverNothing(long rest) {
    assertThrows(
        IllegalArgumentException.class, () -> new Resting(ask(1, 10, 5), new WattHours(rest), 0));
  }

  @Test
  void whatIsBelowTheMinimumIsVoid() {
    // Of ask 1 there would be 1 Wh left: the second bid trades with ask 2.
    List<Resting> bids = List.of(resting(bid(3, 15, 4), 1), resting(bid(4, 14, 4), 3));
    List<Match> matches =
        List.of(
            match(ask(1, 10, 5), bid(3, 15, 4), 25, 4), match(ask(2, 12, 5), bid(4, 14, 4), 26, 4));
    assertEquals(
        Optional.empty(),
        MatchList.verify(CrossRule.STRICT, ASKS, bids, matches, 9, new WattHours(2)));
    assertEquals(Optional.of(new Rejection(ASK_OUT_OF_TURN, 1)), verify(ASKS, bids, matches));
    assertEquals(
        Optional.of(new Rejection(BELOW_MINIMUM, 0)),
        MatchList.verify(CrossRule.STRICT, ASKS, bids, matches, 9, new WattHours(6)));
  }

  @Test
  void equalPricesPassTheWeakRuleOnly() {
    List<Resting> bids = List.of(resting(bid(3, 10, 5), 1));
    List<Match> even = List.of(match(ask(1, 10, 5), bid(3, 10, 5), 20, 5));
    assertEquals(
        Optional.empty(), MatchList.verify(CrossRule.WEAK, ASKS, bids, even, MatchList.UNLIMITED));
    assertEquals(Optional.of(new Rejection(NOT_CROSSED, 0)), verify(ASKS, bids, even));
    assertEquals(
        "line 1: the bid does not cross the ask", new Rejection(NOT_CROSSED, 0).toString());
  }

  @Property(tries = 500)
  void whatTheBookMatchesPassesAndWhatIsChangedDoesNot(
      @ForAll CrossRule rule,
      @ForAll("quotes") List<Quote> quotes,
      @ForAll @IntRange(min = 1, max = 6) int most,
      @ForAll @IntRange(min = 1, max = 3) int least,
      @ForAll @IntRange(max = 1000) int where,
      @ForAll @IntRange(max = 4) int how) {
    WattHours minimum = new WattHours(least);
    OrderBook book = new OrderBook(rule, new BookLimits(99, 99, minimum), 0);
    quotes.forEach(book::add);
    List<Resting> asks = book.side(Side.ASK);
    List<Resting> bids = book.side(Side.BID);
    List<Match> matches = new ArrayList<>();
    while (matches.size() < most && book.isCrossed()) {
      matches.add(book.matchBest().orElseThrow().match());
    }
    assertEquals(Optional.empty(), MatchList.verify(rule, asks, bids, matches, most, minimum));
    if (!matches.isEmpty()) {
      List<Match> changed = new ArrayList<>(matches);
      tamper(changed, where % matches.size(), how);
      if (!changed.equals(matches)) {
        assertTrue(
            MatchList.verify(rule, asks, bids, changed, most, minimum).isPresent(),
            changed::toString);
      }
      List<Match> more = new ArrayList<>(matches);
      book.matchBest().map(Trade::match).ifPresent(more::add);
      assertEquals(
          more.size() > most, MatchList.verify(rule, asks, bids, more, most, minimum).isPresent());
    }
  }

  /** The sides are a claim too: what trades must be as it stands in the book. */
  @Property(tries = 500)
  void aListDoesNotFitSidesInWhichAnAskThatTradesIsAnother(
      @ForAll("quotes") List<Quote> quotes,
      @ForAll @IntRange(max = 1000) int where,
      @ForAll @IntRange(max = 3) int how) {
    OrderBook book = new OrderBook(CrossRule.STRICT);
    quotes.forEach(book::add);
    List<Resting> asks = new ArrayList<>(book.side(Side.ASK));
    List<Resting> bids = book.side(Side.BID);
    List<Match> matches = new ArrayList<>();
    book.match(trade -> matches.add(trade.match()));
    Set<QuoteId> traded = new HashSet<>();
    matches.forEach(match -> traded.add(match.ask()));
    if (!traded.isEmpty()) {
      int at = where % traded.size();
      Resting ask = asks.get(at);
      switch (how) {
        case 0 -> asks.remove(at);
        case 1 -> asks.add(at + 1, new Resting(ask.quote(), ask.rest(), ask.arrival() + 1));
        case 2 -> asks.set(at, dearer(ask));
        default -> asks.add(at, new Resting(other(ask), ask.rest(), ask.arrival()));
      }
      assertTrue(verify(asks, bids, matches).isPresent(), asks::toString);
    }
  }

  private static Resting dearer(Resting ask) {
    Quote quote = ask.quote();
    long price = quote.pricePerKwh().value() + 1;
    return new Resting(
        Quotes.of(Side.ASK, quote.id().value(), quote.trader().value(), price, 9),
        ask.rest(),
        ask.arrival());
  }

  private static Quote other(Resting ask) {
    return ask(1_000_000, ask.quote().pricePerKwh().value(), ask.quote().energy().value());
  }

  @Provide
  Arbitrary<List<Quote>> quotes() {
    return Commands.quotes().list().ofMaxSize(30);
  }

  private static void tamper(List<Match> matches, int at, int how) {
    Match match = matches.get(at);
    switch (how) {
      case 0 -> matches.remove(at);
      case 1 -> matches.add(at, match);
      case 2 -> matches.set(at, changed(match, 0, 1));
      case 3 -> matches.set(at, changed(match, 1, 0));
      default -> Collections.reverse(matches);
    }
  }

  private static Match changed(Match match, long price, long energy) {
    return new Match(
        match.ask(),
        match.bid(),
        match.askPrice(),
        match.bidPrice(),
        new TradePrice(match.price().doubled() + price),
        new WattHours(match.energy().value() + energy));
  }

  private static void assertFlaw(Flaw flaw, int line, Match... matches) {
    assertEquals(Optional.of(new Rejection(flaw, line)), verify(ASKS, BIDS, List.of(matches)));
  }

  private static Optional<Rejection> verify(
      List<Resting> asks, List<Resting> bids, List<Match> matches) {
    return MatchList.verify(CrossRule.STRICT, asks, bids, matches, MatchList.UNLIMITED);
  }

  private static Resting resting(Quote quote, long arrival) {
    return new Resting(quote, quote.energy(), arrival);
  }

  private static Match match(long ask, long bid, long doubled, long energy) {
    return new Match(
        new QuoteId(ask),
        new QuoteId(bid),
        price(ASKS, ask),
        price(BIDS, bid),
        new TradePrice(doubled),
        new WattHours(energy));
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

  /** Of the quote of this id; nothing for one that is not there. */
  private static Amount price(List<Resting> side, long id) {
    return side.stream()
        .map(Resting::quote)
        .filter(quote -> quote.id().equals(new QuoteId(id)))
        .map(Quote::pricePerKwh)
        .findFirst()
        .orElse(Amount.ZERO);
  }
}
