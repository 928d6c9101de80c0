package chargepile.agent.cli.market;

import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.CycleRules;
import chargepile.agent.market.Efficiency;
import chargepile.agent.market.MatchList;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteRefusal;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import chargepile.agent.market.TradingCycle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One trading cycle that was run from a file.
 *
 * @param asks what is left of them, the best first
 * @param bids what is left of them, the best first
 * @param whole what the cycle achieved by what its parties would have taken and given
 */
record CycleRun(
    CrossRule cross,
    List<Round> rounds,
    List<Refused> refused,
    List<Resting> asks,
    List<Resting> bids,
    Efficiency whole) {

  /** A round with what it achieved, by the quotes that stood before it. */
  record Round(int number, List<Trade> trades, Efficiency efficiency) {}

  /** A line that the market refused. */
  record Refused(QuoteFile.Line line, QuoteRefusal why) {}

  static CycleRun of(CrossRule cross, List<QuoteFile.Line> lines) {
    int last = lines.isEmpty() ? 1 : lines.getLast().round();
    Instant start = Instant.EPOCH; // a file has no clock: everything happens at the beginning
    int most = Math.max(lines.size(), 1);
    TradingCycle cycle =
        new TradingCycle(
            0,
            start,
            new CycleRules(
                cross,
                Duration.ofMinutes(15),
                last,
                MatchList.UNLIMITED,
                new BookLimits(2 * most, most, BookLimits.USUAL.minimumFill())),
            0);
    Limits limits = new Limits();
    List<Round> rounds = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    int at = 0;
    for (int round = 1; round <= last; round++) {
      for (; at < lines.size() && lines.get(at).round() == round; at++) {
        QuoteFile.Line line = lines.get(at);
        Optional<QuoteRefusal> refusal = submit(cycle, line, limits.known(line.id()), start);
        refusal.ifPresentOrElse(
            why -> refused.add(new Refused(line, why)), () -> limits.accepted(line));
      }
      Optional<TradingCycle.Round> matched = cycle.match(start);
      matched.ifPresent(done -> limits.traded(done.trades()));
      matched.map(CycleRun::measured).ifPresent(rounds::add);
    }
    List<Trade> trades = rounds.stream().flatMap(done -> done.trades().stream()).toList();
    return new CycleRun(
        cross,
        rounds,
        refused,
        cycle.open(Side.ASK, start),
        cycle.open(Side.BID, start),
        Efficiency.of(limits.all(), trades));
  }

  private static Optional<QuoteRefusal> submit(
      TradingCycle cycle, QuoteFile.Line line, boolean known, Instant at) {
    if (line.quote().isEmpty()) {
      return cycle.withdraw(line.id(), line.party(), at);
    }
    Quote quote = line.quote().get();
    return known ? cycle.requote(quote, at) : cycle.quote(quote, at);
  }

  private static Round measured(TradingCycle.Round round) {
    List<Efficiency.Limit> limits = new ArrayList<>();
    round.asks().forEach(ask -> limits.add(open(ask)));
    round.bids().forEach(bid -> limits.add(open(bid)));
    return new Round(round.number(), round.trades(), Efficiency.of(limits, round.trades()));
  }

  /** The quote with what is left of it. */
  private static Efficiency.Limit open(Resting resting) {
    Quote quote = resting.quote();
    return new Efficiency.Limit(quote.id(), quote.side(), quote.pricePerKwh(), resting.rest());
  }
}
