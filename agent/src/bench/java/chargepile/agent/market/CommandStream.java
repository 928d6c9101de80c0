package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The same commands for every book: about 1000 open quotes of 500 traders, who sell and buy; half
 * of the commands withdraw one, a tenth of the new ones trade. It begins and ends with an empty
 * book, so that it can be run again and again, and is short enough to stay in the processor's
 * caches, as what has just been received is.
 */
final class CommandStream {
  private static final int LENGTH = 10_000;
  private static final int OPEN = 1000;
  private static final int TRADERS = 500;
  private static final long MIDDLE = 100_000;
  private static final List<Trader> ALL =
      IntStream.range(0, TRADERS).mapToObj(i -> new Trader("trader-" + i)).toList();

  private final SplittableRandom random = new SplittableRandom(42);
  private final OrderBook book = new OrderBook(CrossRule.WEAK);
  private final List<Quote> open = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();

  /** What a command is. */
  enum Kind {
    /** Rests in the book. */
    NEW,
    /** Takes a quote out of it. */
    CANCEL,
    /** Trades at once, with one quote or some. */
    MATCH
  }

  /** To add the quote, or to take it out. */
  record Command(Kind kind, Quote quote) {}

  private Trader trader() {
    return ALL.get(random.nextInt(TRADERS));
  }

  static List<Command> commands() {
    return new CommandStream().generate();
  }

  private List<Command> generate() {
    for (int i = 0; i < LENGTH; i++) {
      if (book.size() < OPEN || random.nextBoolean()) {
        add(i);
      } else {
        cancel();
      }
    }
    while (!open.isEmpty()) {
      cancel();
    }
    return List.copyOf(commands);
  }

  private void add(long id) {
    Side side = random.nextBoolean() ? Side.ASK : Side.BID;
    boolean crossing = random.nextInt(10) == 0;
    long distance = crossing ? -random.nextInt(1, 60) : random.nextInt(1, 500);
    Amount price = new Amount(side == Side.ASK ? MIDDLE + distance : MIDDLE - distance);
    WattHours energy = new WattHours(random.nextInt(1, 100));
    Quote quote = new Quote(new QuoteId(id), trader(), side, price, energy);
    while (book.add(quote).isPresent()) { // its trader has a quote that it would trade with
      quote = new Quote(new QuoteId(id), trader(), side, price, energy);
    }
    boolean trades = book.isCrossed();
    book.match(_ -> {});
    commands.add(new Command(trades ? Kind.MATCH : Kind.NEW, quote));
    if (book.contains(quote.id())) {
      open.add(quote);
    }
  }

  private void cancel() {
    while (!open.isEmpty()) {
      int at = random.nextInt(open.size());
      Quote quote = open.get(at);
      open.set(at, open.getLast());
      open.removeLast();
      if (book.withdraw(quote.id(), quote.trader()).isEmpty()) {
        commands.add(new Command(Kind.CANCEL, quote));
        return;
      }
    }
  }
}
