package chargepile.agent.market;

import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.SealedQuotes.Refusal;
import chargepile.agent.market.SealedQuotes.Windows;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** P1-04: commit, then reveal. */
class SealedQuotesTest {
  private static final long CYCLE = 7;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant REVEAL = START.plus(Duration.ofMinutes(2));
  private static final Instant END = START.plus(Duration.ofMinutes(3));
  private static final Windows WINDOWS = new Windows(Duration.ofMinutes(2), Duration.ofMinutes(1));
  private static final ByteVector32 SALT = ByteVector32.fromValidHex("11".repeat(32));
  private static final ByteVector32 OTHER_SALT = ByteVector32.fromValidHex("22".repeat(32));
  private static final Quote ASK = ask(1, 10, 5);

  private final SealedQuotes quotes = new SealedQuotes(CYCLE, START, WINDOWS, BookLimits.USUAL);

  @Test
  void whatIsRevealedCountsAndWhatIsNotIsVoid() {
    assertEquals(Optional.empty(), commit(bid(2, 12, 5), START));
    assertEquals(Optional.empty(), commit(ASK, START));
    assertEquals(Optional.empty(), quotes.reveal(ASK, SALT, REVEAL));
    assertEquals(Optional.empty(), quotes.reveal(ASK, SALT, END.minusNanos(1)));
    assertEquals(Optional.empty(), quotes.revealed(END.minusNanos(1)));
    assertEquals(Optional.of(List.of(ASK)), quotes.revealed(END));
  }

  @Test
  void eachPhaseHasItsTime() {
    assertEquals(Optional.of(Refusal.TOO_EARLY), commit(ASK, START.minusNanos(1)));
    assertEquals(Optional.empty(), commit(ASK, REVEAL.minusNanos(1)));
    assertEquals(Optional.of(Refusal.TOO_EARLY), reveal(ASK, REVEAL.minusNanos(1)));
    assertEquals(Optional.of(Refusal.TOO_LATE), commit(bid(2, 12, 5), REVEAL));
    assertEquals(Optional.of(Refusal.TOO_LATE), reveal(ASK, END));
    assertEquals(END, quotes.end());
    assertThrows(
        IllegalArgumentException.class, () -> new Windows(Duration.ZERO, Duration.ofMinutes(1)));
  }

  /** Once prices are seen nobody commits, whatever a clock says. */
  @Test
  void aClockThatStepsBackOpensNoPhaseAgain() {
    commit(ASK, START);
    assertEquals(Optional.empty(), reveal(ASK, REVEAL));
    assertEquals(Optional.of(Refusal.TOO_LATE), commit(bid(2, 12, 5), START));
    quotes.revealed(END);
    assertEquals(Optional.of(Refusal.TOO_LATE), reveal(ASK, REVEAL));
    assertEquals(Optional.of(List.of(ASK)), quotes.revealed(START));
  }

  @Test
  void aCommitmentIsToOneQuoteOfOneTraderInOneCycle() {
    commit(ASK, START);
    Quote copied = Quotes.of(Side.ASK, 1, "stranger", 10, 5);
    quotes.commit(copied.trader(), QuoteCommitment.of(CYCLE, ASK, SALT), START);
    for (Quote other :
        List.of(
            copied,
            ask(1, 11, 5),
            ask(1, 10, 6),
            Quotes.of(Side.BID, 1, "seller-1", 10, 5),
            Quotes.of(Side.ASK, 2, "seller-1", 10, 5))) {
      assertEquals(Optional.of(Refusal.NOT_COMMITTED), reveal(other, REVEAL), other::toString);
    }
    assertEquals(Optional.of(Refusal.NOT_COMMITTED), quotes.reveal(ASK, OTHER_SALT, REVEAL));
    assertNotEquals(QuoteCommitment.of(CYCLE, ASK, SALT), QuoteCommitment.of(CYCLE + 1, ASK, SALT));
    assertEquals(Optional.empty(), reveal(ASK, REVEAL));
  }

  /** Who copies a commitment keeps nobody from making it. */
  @Test
  void nobodyTakesAnothersCommitmentAway() {
    QuoteCommitment sealed = QuoteCommitment.of(CYCLE, ASK, SALT);
    assertEquals(Optional.empty(), quotes.commit(new Trader("stranger"), sealed, START));
    assertEquals(Optional.empty(), quotes.commit(ASK.trader(), sealed, START));
    assertEquals(
        Optional.of(Refusal.COMMITTED_ALREADY), quotes.commit(ASK.trader(), sealed, START));
  }

  @Test
  void commitmentsAreBounded() {
    BookLimits limits = new BookLimits(3, 2, BookLimits.USUAL.minimumFill());
    SealedQuotes few = new SealedQuotes(CYCLE, START, WINDOWS, limits);
    Trader trader = new Trader("car");
    assertEquals(Optional.empty(), few.commit(trader, sealed(1), START));
    assertEquals(Optional.empty(), few.commit(trader, sealed(2), START));
    assertEquals(Optional.of(Refusal.TRADER_FULL), few.commit(trader, sealed(3), START));
    assertEquals(Optional.empty(), few.commit(new Trader("b"), sealed(3), START));
    assertEquals(Optional.of(Refusal.FULL), few.commit(new Trader("c"), sealed(3), START));
  }

  /** So that a contract, or anybody else, makes the same hash. */
  @Test
  void theHashIsOfThisText() {
    // printf 'chargepile/quote/1' and the fields as the Javadoc has them, into sha256sum
    assertEquals(
        "7f1eb66935ef5a53e8c1f267e59e466ee8da51a1922f0e464b7ceffc9e5c072c",
        QuoteCommitment.of(CYCLE, ASK, SALT).hash().toHex());
  }

  /** Whoever reveals first gains nothing by it. */
  @Property(tries = 200)
  void theBookGetsThemInTheOrderOfTheirCommitments(
      @ForAll("quotes") List<Quote> drawn, @ForAll long seed) {
    SealedQuotes sealed = new SealedQuotes(CYCLE, START, WINDOWS, BookLimits.USUAL);
    List<Quote> all = new ArrayList<>(new LinkedHashSet<>(drawn));
    for (Quote quote : all) {
      assertEquals(
          Optional.empty(),
          sealed.commit(quote.trader(), QuoteCommitment.of(CYCLE, quote, SALT), START));
    }
    List<Quote> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    Set<Quote> shown = new HashSet<>(shuffled.subList(0, (shuffled.size() + 1) / 2));
    for (Quote quote : shuffled) {
      if (shown.contains(quote)) {
        assertEquals(Optional.empty(), sealed.reveal(quote, SALT, REVEAL));
      }
    }
    assertEquals(all.stream().filter(shown::contains).toList(), sealed.revealed(END).orElseThrow());
  }

  @Provide
  Arbitrary<List<Quote>> quotes() {
    return Commands.quotes().list().ofMaxSize(30);
  }

  private Optional<Refusal> commit(Quote quote, Instant at) {
    return quotes.commit(quote.trader(), QuoteCommitment.of(CYCLE, quote, SALT), at);
  }

  private Optional<Refusal> reveal(Quote quote, Instant at) {
    return quotes.reveal(quote, SALT, at);
  }

  private static QuoteCommitment sealed(long id) {
    return QuoteCommitment.of(CYCLE, ask(id, 10, 5), SALT);
  }
}
