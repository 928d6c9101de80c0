package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.market.BookLimits;
import chargepile.agent.market.Match;
import chargepile.agent.market.OrderBook;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.QuoteRefusal;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The same quotes through the model and through the contract: both take and refuse the same, match
 * the same, and are left with the same (P1-03, P1-04, P1-37 to P1-42).
 */
class QuoteBookDifferentialTest {
  private static final int CYCLES = 3;
  private static final int STEPS_PER_ROUND = 14;

  /** So few that a side is soon full. */
  private static final MarketRules SMALL =
      MarketRules.of(
          MarketChain.GENESIS,
          MarketChain.RULES.cycle().length(),
          MarketChain.RULES.cycle().rounds(),
          MarketChain.RULES.matching(),
          MarketChain.RULES.cycle().matchesPerRound(),
          new BookLimits(8, 4, MarketChain.RULES.cycle().limits().minimumFill()),
          false);

  /** What the contract says where the model has these words. */
  private static final Map<QuoteRefusal, String> WORDS =
      Map.of(
          QuoteRefusal.TOO_LITTLE, "BadQuote",
          QuoteRefusal.BOOK_FULL, "BookFull",
          QuoteRefusal.GIVES_NO_WAY, "GivesNoWay",
          QuoteRefusal.TRADER_FULL, "TooManyQuotes",
          QuoteRefusal.SELF_MATCH, "CrossesOwnQuote",
          QuoteRefusal.NOT_IN_BOOK, "NotInBook",
          QuoteRefusal.NOT_YOURS, "NotYourQuote",
          QuoteRefusal.OTHER_SIDE, "NotInBook");

  private final Random random = new Random(20260101);
  private final List<String> refused = new ArrayList<>();
  private int matched;
  private int displaced;
  private int steps;

  @Test
  void modelAndContractTakeRefuseAndMatchTheSame() throws Exception {
    run(MarketChain.RULES, CYCLES);
    assertTrue(matched > 10, () -> matched + " matches say little");
    for (String word : List.of("BadQuote", "TooManyQuotes", "NotYourQuote", "NotInBook")) {
      assertTrue(refused.contains(word), () -> word + " is not among " + refused);
    }
  }

  @Test
  void andSoTheyDoWhereASideIsFull() throws Exception {
    run(SMALL, CYCLES);
    assertTrue(displaced > 0, "nobody gave way");
    for (String word : List.of("BookFull", "GivesNoWay")) {
      assertTrue(refused.contains(word), () -> word + " is not among " + refused);
    }
  }

  private void run(MarketRules rules, int cycles) throws Exception {
    try (MarketChain chain = MarketChain.open(rules)) {
      assertEquals(rules, chain.quotes.rules());
      for (int cycle = 0; cycle < cycles; cycle++) {
        chain.at(rules.start(cycle));
        new Cycle(chain, rules, cycle).run();
      }
    }
  }

  /** A cycle on both sides. The model's ids stay, the contract's are arrivals. */
  private final class Cycle {
    private final MarketChain chain;
    private final MarketRules rules;
    private final long number;
    private final OrderBook model;
    private final Map<QuoteId, QuoteId> onChain = new HashMap<>();
    private final Map<QuoteId, Quote> made = new HashMap<>();
    private final List<QuoteId> ids = new ArrayList<>();
    private long nextId = 1;

    Cycle(MarketChain chain, MarketRules rules, long number) {
      this.chain = chain;
      this.rules = rules;
      this.model = new OrderBook(rules.cycle().crossRule(), rules.cycle().limits(), 0);
      this.number = number;
    }

    void run() {
      for (int round = 0; round < rules.cycle().rounds(); round++) {
        chain.at(rules.start(number).plus(rules.round().multipliedBy(round)).plusSeconds(1));
        for (int i = 0; i < STEPS_PER_ROUND; i++) {
          step();
        }
        match(round);
      }
    }

    private QuoteId idOf(QuoteId inModel) {
      return Objects.requireNonNull(onChain.get(inModel));
    }

    private MarketChain.Member anybody() {
      return List.of(chain.seller, chain.otherSeller, chain.buyer, chain.otherBuyer)
          .get(random.nextInt(4));
    }

    private void step() {
      steps++;
      MarketChain.Member by = anybody();
      int what = random.nextInt(10);
      boolean sells = by == chain.seller || by == chain.otherSeller;
      Side side = sells == random.nextInt(5) > 0 ? Side.ASK : Side.BID;
      Amount price = new Amount(8 + random.nextInt(7));
      WattHours energy = new WattHours(1 + random.nextInt(12));
      if (what < 6 || ids.isEmpty()) {
        quote(by, side, price, energy);
      } else {
        QuoteId id = ids.get(random.nextInt(ids.size()));
        Quote before = Objects.requireNonNull(made.get(id));
        MarketChain.Member owner = random.nextInt(5) == 0 ? by : memberOf(before);
        if (what < 9) {
          Amount other = random.nextBoolean() ? before.pricePerKwh() : price;
          requote(owner, before, other, energy);
        } else {
          withdraw(owner, before);
        }
      }
    }

    private MarketChain.Member memberOf(Quote quote) {
      return List.of(chain.seller, chain.otherSeller, chain.buyer, chain.otherBuyer).stream()
          .filter(member -> ChainNames.trader(member.account()).equals(quote.trader()))
          .findFirst()
          .orElseThrow();
    }

    private void quote(MarketChain.Member by, Side side, Amount price, WattHours energy) {
      QuoteId id = new QuoteId(nextId++);
      Quote quote = new Quote(id, ChainNames.trader(by.account()), side, price, energy);
      Optional<QuoteId> insteadOf = insteadOf(side);
      boolean inBook = insteadOf.filter(model::contains).isPresent();
      Optional<EvmReceipt> receipt =
          same(
              by,
              chain.quotes.quote(
                  "s" + steps, number, side, price, energy, insteadOf.map(this::idOf)),
              () -> model.add(quote, insteadOf));
      receipt.ifPresent(
          mined -> {
            QuoteLog.Quoted said = only(mined, QuoteLog.Quoted.class);
            assertEquals(by.account(), said.trader());
            if (inBook && !model.contains(insteadOf.orElseThrow())) {
              displaced++;
            }
            onChain.put(id, said.id());
            made.put(id, quote);
            ids.add(id);
          });
    }

    /** None, any, or the next to give way. */
    private Optional<QuoteId> insteadOf(Side side) {
      List<Resting> open = model.side(side);
      return switch (random.nextInt(4)) {
        case 0 -> Optional.empty();
        case 1 ->
            ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
        default -> open.isEmpty() ? Optional.empty() : Optional.of(open.getLast().quote().id());
      };
    }

    private void requote(MarketChain.Member by, Quote before, Amount price, WattHours energy) {
      Quote now =
          new Quote(before.id(), ChainNames.trader(by.account()), before.side(), price, energy);
      same(
              by,
              chain.quotes.requote(
                  "s" + steps, number, before.side(), idOf(before.id()), price, energy),
              () -> model.requote(now))
          .ifPresent(
              mined -> {
                onChain.put(before.id(), only(mined, QuoteLog.Requoted.class).id());
                made.put(before.id(), now);
              });
    }

    private void withdraw(MarketChain.Member by, Quote quote) {
      var unused =
          same(
              by,
              chain.quotes.withdraw(number, quote.side(), idOf(quote.id())),
              () -> model.withdraw(quote.id(), ChainNames.trader(by.account())));
    }

    /** Both do it, or neither and for the same reason. */
    private Optional<EvmReceipt> same(
        MarketChain.Member by, TransactionIntent intent, Supplier<Optional<QuoteRefusal>> inModel) {
      Optional<EvmReceipt> mined = Optional.empty();
      Optional<String> words = Optional.empty();
      try {
        mined = Optional.of(chain.done(by, intent));
      } catch (RevertedException e) {
        words = Optional.of(e.reason().replaceAll("\\(.*", ""));
        refused.add(words.get());
      }
      if (words.equals(Optional.of("CrossesOwnQuote"))) {
        // The contract remembers a trader's best price until it has none open: it may be stricter.
        return mined;
      }
      Optional<QuoteRefusal> refusal = inModel.get();
      assertEquals(refusal.map(WORDS::get), words, () -> "step " + steps + ": " + intent);
      return mined;
    }

    private <T extends QuoteLog> T only(EvmReceipt receipt, Class<T> kind) {
      return receipt.logs().stream()
          .flatMap(log -> chain.quotes.decode(log).stream())
          .filter(kind::isInstance)
          .map(kind::cast)
          .findFirst()
          .orElseThrow();
    }

    private void match(int round) {
      chain.at(
          rules
              .start(number)
              .plus(rules.round().multipliedBy(round + 1L))
              .minus(Duration.ofSeconds(50)));
      MarketClock clock = chain.quotes.clock(BlockRef.LATEST);
      assertEquals(new MarketClock(number, round, true), clock);
      OpenQuotes open = chain.quotes.open(chain.head(), chain.since);
      assertSameBook(open);
      List<Trade> trades = open.match(rules.cycle());
      List<Match> matches = trades.stream().map(Trade::match).toList();
      assertEquals(Optional.empty(), open.verify(rules.cycle(), trades));
      if (!matches.isEmpty()) {
        assertTampered(clock, open, matches);
      }
      EvmReceipt receipt = chain.done(chain.stranger, chain.quotes.announce(clock, open, matches));
      List<Match> announced =
          receipt.logs().stream()
              .flatMap(log -> chain.quotes.decode(log).stream())
              .flatMap(
                  log ->
                      log instanceof QuoteLog.Matched found
                          ? List.of(found.match()).stream()
                          : Stream.<Match>empty())
              .toList();
      List<Trade> inModel = new ArrayList<>();
      model.match(inModel::add);
      assertEquals(inModel.stream().map(this::asOnChain).toList(), announced);
      matched += announced.size();
      assertSameBook(chain.quotes.open(chain.head(), chain.since));
    }

    private Match asOnChain(Trade trade) {
      Match match = trade.match();
      return new Match(
          idOf(match.ask()),
          idOf(match.bid()),
          match.askPrice(),
          match.bidPrice(),
          match.price(),
          match.energy());
    }

    private void assertSameBook(OpenQuotes open) {
      for (Side side : Side.values()) {
        assertEquals(
            model.side(side).stream()
                .map(
                    here ->
                        "%s %s %s %s"
                            .formatted(
                                idOf(here.quote().id()),
                                here.quote().trader(),
                                here.quote().pricePerKwh(),
                                here.rest()))
                .toList(),
            open.side(side).stream()
                .map(
                    here ->
                        "%s %s %s %s"
                            .formatted(
                                here.quote().id(),
                                here.quote().trader(),
                                here.quote().pricePerKwh(),
                                here.rest()))
                .toList());
      }
    }

    /** P1-04: whatever is changed in a list, the contract says what is wrong with it. */
    private void assertTampered(MarketClock clock, OpenQuotes open, List<Match> matches) {
      Match first = matches.getFirst();
      List<Match> otherPrice = new ArrayList<>(matches);
      otherPrice.set(
          0,
          new Match(
              first.ask(),
              first.bid(),
              first.askPrice(),
              first.bidPrice(),
              new TradePrice(first.price().doubled() + 1),
              first.energy()));
      assertFlaw("BadMatchList(7, 0)", clock, open, otherPrice);
      List<Match> otherVolume = new ArrayList<>(matches);
      otherVolume.set(
          0,
          new Match(
              first.ask(),
              first.bid(),
              first.askPrice(),
              first.bidPrice(),
              first.price(),
              new WattHours(first.energy().value() + 1)));
      assertFlaw("BadMatchList(8, 0)", clock, open, otherVolume);
      assertFlaw(
          "BadMatchList(9, %d)".formatted(matches.size() - 1),
          clock,
          open,
          matches.subList(0, matches.size() - 1));
      if (open.asks().size() > 1) {
        List<Resting> swapped = new ArrayList<>(open.asks());
        Collections.swap(swapped, 0, 1);
        // OpenQuotes sorts by itself: the ids have to be tampered with behind it
        assertFlaw(
            "BadMatchList(0, 1)", clock, new OpenQuotes(misplaced(swapped), open.bids()), matches);
        assertFlaw(
            "BadMatchList(14, %d)".formatted(open.asks().size() - 1),
            clock,
            new OpenQuotes(open.asks().subList(0, open.asks().size() - 1), open.bids()),
            matches);
      }
    }

    /** The same ids in this order, by what they claim to arrive and to cost. */
    private List<Resting> misplaced(List<Resting> quotes) {
      List<Resting> claimed = new ArrayList<>();
      for (int i = 0; i < quotes.size(); i++) {
        Quote quote = quotes.get(i).quote();
        claimed.add(
            new Resting(
                new Quote(quote.id(), quote.trader(), quote.side(), new Amount(1), quote.energy()),
                quote.energy(),
                i));
      }
      return claimed;
    }

    private void assertFlaw(String words, MarketClock clock, OpenQuotes open, List<Match> matches) {
      assertEquals(
          Optional.of(words),
          chain.refusal(chain.stranger, chain.quotes.announce(clock, open, matches)));
      assertFalse(chain.quotes.open(chain.head(), chain.since).asks().isEmpty());
    }
  }
}
