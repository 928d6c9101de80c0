package chargepile.agent.market;

import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quotes by commit and reveal (P1-04), for a cycle in which nobody may quote in the light of what
 * the others quote: first all commit, then all reveal, then {@link #revealed} gives the quotes to
 * the book in the order in which they were committed. What is not revealed is void.
 *
 * <p>Nobody sees a price before the last commitment, but whoever reveals last has seen the others':
 * it may keep its quote back. It can't change it, and has no more of them than {@link
 * BookLimits#perTrader()}.
 *
 * <p>Every call says when it happens, by the sequencer's clock. Of one thread at a time.
 */
public final class SealedQuotes {
  private final long cycle;
  private final Instant start;
  private final Windows windows;
  private final BookLimits limits;
  private final Map<Commitment, Optional<Quote>> quotes = new LinkedHashMap<>();
  private final Map<Trader, Integer> made = new HashMap<>();

  /** The latest time that was told: a phase that is over stays so, should the clock step back. */
  private Instant latest = Instant.MIN;

  /**
   * @param cycle number of the cycle that the quotes are for
   * @param start when the first commitment is taken
   * @param limits capacity: commitments at most; perTrader: of each trader
   */
  public SealedQuotes(long cycle, Instant start, Windows windows, BookLimits limits) {
    this.cycle = cycle;
    this.start = start;
    this.windows = windows;
    this.limits = limits;
  }

  /**
   * How long each phase takes, one after the other; both more than zero.
   *
   * @param commit in which commitments are taken
   * @param reveal in which they are revealed
   */
  public record Windows(Duration commit, Duration reveal) {
    public Windows {
      if (commit.isZero() || commit.isNegative() || reveal.isZero() || reveal.isNegative()) {
        throw new IllegalArgumentException("to commit and to reveal takes time");
      }
    }
  }

  /** The same hash of another trader is another commitment: who copies one can't reveal it. */
  private record Commitment(Trader trader, QuoteCommitment sealed) {}

  /** Why a commitment is not taken or not revealed; everything is as it was. */
  public enum Refusal {
    TOO_EARLY("the time for this has not begun"),
    TOO_LATE("the time for this is over"),
    COMMITTED_ALREADY("the party has made this commitment already"),
    NOT_COMMITTED(
        "the party has committed to no such quote: id, side, price, energy or salt differ"),
    TRADER_FULL("the party has committed to as many quotes as it may"),
    FULL("the cycle has taken as many commitments as it may");

    private final String text;

    Refusal(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Takes a commitment; empty when it stands. */
  public Optional<Refusal> commit(Trader by, QuoteCommitment sealed, Instant at) {
    Optional<Refusal> refusal = outside(start, revealFrom(), at);
    if (refusal.isPresent()) {
      return refusal;
    }
    Commitment commitment = new Commitment(by, sealed);
    if (quotes.containsKey(commitment)) {
      return Optional.of(Refusal.COMMITTED_ALREADY);
    }
    if (made.getOrDefault(by, 0) >= limits.perTrader()) {
      return Optional.of(Refusal.TRADER_FULL);
    }
    if (quotes.size() >= limits.capacity()) {
      return Optional.of(Refusal.FULL);
    }
    quotes.put(commitment, Optional.empty());
    made.merge(by, 1, Integer::sum);
    return Optional.empty();
  }

  /** Opens a commitment, once or again; empty when the quote counts. */
  public Optional<Refusal> reveal(Quote quote, ByteVector32 salt, Instant at) {
    Optional<Refusal> refusal = outside(revealFrom(), end(), at);
    if (refusal.isPresent()) {
      return refusal;
    }
    Commitment commitment = new Commitment(quote.trader(), QuoteCommitment.of(cycle, quote, salt));
    if (!quotes.containsKey(commitment)) {
      return Optional.of(Refusal.NOT_COMMITTED);
    }
    quotes.put(commitment, Optional.of(quote));
    return Optional.empty();
  }

  /** The quotes that were revealed, in the order of their commitments; empty until the end. */
  public Optional<List<Quote>> revealed(Instant at) {
    return now(at).isBefore(end())
        ? Optional.empty()
        : Optional.of(quotes.values().stream().flatMap(Optional::stream).toList());
  }

  /** The first moment at which nothing more is revealed. */
  public Instant end() {
    return revealFrom().plus(windows.reveal());
  }

  private Instant revealFrom() {
    return start.plus(windows.commit());
  }

  private Optional<Refusal> outside(Instant from, Instant to, Instant at) {
    Instant now = now(at);
    if (now.isBefore(from)) {
      return Optional.of(Refusal.TOO_EARLY);
    }
    return now.isBefore(to) ? Optional.empty() : Optional.of(Refusal.TOO_LATE);
  }

  private Instant now(Instant at) {
    if (at.isAfter(latest)) {
      latest = at;
    }
    return latest;
  }
}
