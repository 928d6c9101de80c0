package chargepile.agent.market;

import static chargepile.agent.market.MatchList.Flaw.ASKS_NOT_SORTED;
import static chargepile.agent.market.MatchList.Flaw.ASK_OUT_OF_TURN;
import static chargepile.agent.market.MatchList.Flaw.BIDS_NOT_SORTED;
import static chargepile.agent.market.MatchList.Flaw.BID_OUT_OF_TURN;
import static chargepile.agent.market.MatchList.Flaw.INCOMPLETE;
import static chargepile.agent.market.MatchList.Flaw.NOT_CROSSED;
import static chargepile.agent.market.MatchList.Flaw.SELF_MATCH;
import static chargepile.agent.market.MatchList.Flaw.WRONG_PRICE;
import static chargepile.agent.market.MatchList.Flaw.WRONG_SIDE;
import static chargepile.agent.market.MatchList.Flaw.WRONG_VOLUME;
import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.MatchList.Flaw;
import chargepile.agent.market.MatchList.Rejection;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

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
    List<Resting> asks = List.of(resting(Quotes.of(Side.ASK, 1, "car", 10, 5), 0));
    List<Resting> bids = List.of(resting(Quotes.of(Side.BID, 2, "car", 15, 5), 1));
    assertEquals(
        Optional.of(new Rejection(SELF_MATCH, 0)), verify(asks, bids, List.of(match(1, 2, 25, 5))));
  }

  @Test
  void aLimitedRoundMayEndWhileItStillCrosses() {
    List<Match> one = MATCHES.subList(0, 1);
    assertEquals(Optional.empty(), MatchList.verify(CrossRule.STRICT, ASKS, BIDS, one, 1));
  }

  @Test
  void equalPricesPassTheWeakRuleOnly() {
    List<Resting> bids = List.of(resting(bid(3, 10, 5), 1));
    List<Match> even = List.of(match(1, 3, 20, 5));
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
      @ForAll @IntRange(max = 1000) int where,
      @ForAll @IntRange(max = 4) int how) {
    OrderBook book = new OrderBook(rule);
    quotes.forEach(book::add);
    List<Resting> asks = book.side(Side.ASK);
    List<Resting> bids = book.side(Side.BID);
    List<Match> matches = new ArrayList<>();
    book.match(trade -> matches.add(trade.match()));
    assertEquals(
        Optional.empty(), MatchList.verify(rule, asks, bids, matches, MatchList.UNLIMITED));
    if (!matches.isEmpty()) {
      List<Match> changed = new ArrayList<>(matches);
      tamper(changed, where % matches.size(), how);
      if (!changed.equals(matches)) {
        assertTrue(
            MatchList.verify(rule, asks, bids, changed, MatchList.UNLIMITED).isPresent(),
            changed::toString);
      }
    }
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
      case 2 ->
          matches.set(
              at,
              new Match(
                  match.ask(),
                  match.bid(),
                  match.price(),
                  new WattHours(match.energy().value() + 1)));
      case 3 ->
          matches.set(
              at,
              new Match(
                  match.ask(),
                  match.bid(),
                  new TradePrice(match.price().doubled() + 1),
                  match.energy()));
      default -> Collections.reverse(matches);
    }
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
        new QuoteId(ask), new QuoteId(bid), new TradePrice(doubled), new WattHours(energy));
  }
}
